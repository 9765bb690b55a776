import re
from datetime import date

import pytest

from doctors import licences
from hospital.kernel.pinyin import pattern_of, syllables_of
from hospital.kernel.refusals import Refused

TODAY = date(2026, 3, 10)
ID = "110108199003071238"
LONG, SHORT = f"200911110{ID}", f"199811110{ID[:6]}{ID[8:17]}"


@pytest.mark.parametrize(
    "text",
    [LONG, f" {LONG[:9]} {LONG[9:]} ", "２００９１１１１０" + ID, "20091111011010519491231002x"],
)
def test_a_qualification_number_is_brought_to_its_one_form(text):
    number = licences.qualification_number(text, today=TODAY)
    assert (len(number), number.isascii(), number == number.upper()) == (27, True, True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "qualification-malformed"),
        (LONG[:-1], "qualification-malformed"),
        (LONG + "1", "qualification-malformed"),
        (LONG[:-1] + "Y", "qualification-malformed"),
        (LONG[:-1] + "9", "id-number-checksum"),
    ],
)
def test_a_malformed_qualification_number_is_refused(text, code):
    with pytest.raises(Refused) as refused:
        licences.qualification_number(text, today=TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize("number", [LONG, SHORT])
def test_the_identity_number_in_it_must_be_the_holders(number):
    assert licences.qualification_number(number, today=TODAY, id_number=ID) == number
    with pytest.raises(Refused) as refused:
        licences.qualification_number(number, today=TODAY, id_number="11010819900307122X")
    assert refused.value.code == "qualification-of-another"


@pytest.mark.parametrize(
    ("text", "good"), [("1" * 15, True), ("1" * 14, False), ("1" * 14 + "X", False)]
)
def test_a_practice_number_has_fifteen_digits(text, good):
    if good:
        assert licences.practice_number(text) == text
    else:
        with pytest.raises(Refused):
            licences.practice_number(text)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("csy", True),
        ("chensiyuan", True),
        ("chensy", True),
        ("csiyuan", True),
        ("chen si yuan", True),
        ("CHEN", True),
        ("siyuan", True),
        ("sy", True),
        ("c", True),
        ("cy", False),  # a syllable is never left out
        ("hen", False),  # nor begun in its middle
        ("chensiyuana", False),
        ("csyx", False),
    ],
)
def test_a_name_is_found_by_its_pinyin_whole_begun_or_mixed(typed, found):
    assert bool(re.search(pattern_of(typed), syllables_of("陈思远", of_a_person=True))) is found


@pytest.mark.parametrize(
    ("typed", "found"),
    [("xnk", True), ("xxg", True), ("xinneike", True), ("nk", False), ("xkn", False)],
)
def test_a_department_is_found_by_what_it_is_called_for_short(typed, found):
    pattern = pattern_of(typed, short=True)
    assert bool(re.search(pattern, syllables_of("心血管内科"))) is found


@pytest.mark.parametrize("typed", ["陈", "c.*", "(", "", "chen陈"])
def test_what_is_no_pinyin_is_no_pattern(typed):
    assert pattern_of(typed) is None


@pytest.mark.parametrize(
    ("name", "syllables"),
    [("单雄", "shan xiong"), ("尉迟恭", "yu chi gong"), ("Zhou Yulan", "zhou yulan"), ("", "")],
)
def test_surnames_are_read_as_surnames(name, syllables):
    assert syllables_of(name, of_a_person=True) == syllables
    assert syllables_of("简单") == "jian dan"
