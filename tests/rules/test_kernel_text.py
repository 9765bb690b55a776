"""What people and programs type, brought to one form or refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from hospital.kernel import identity, money, normalise
from hospital.kernel.calendar import full_months, full_years
from hospital.kernel.canonical import canonical, digest
from hospital.kernel.parsers import MAX_DEPTH, loads
from hospital.kernel.refusals import Refused
from hospital.web.times import age_said

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    "typed",
    [
        "13800006620",
        " 138 0000 6620 ",
        "+86 138-0000-6620",
        "8613800006620",
        "１３８００００６６２０",
        "13800006620\n",
    ],
)
def test_a_phone_has_one_form(typed):
    assert normalise.phone(typed) == "13800006620"


@pytest.mark.parametrize(
    "typed",
    ["", "1380000662", "138000066201", "12800006620", "٠١٢٣٤٥٦٧٨٩٠", "1380000662x", "13_800006620"],
)
def test_what_is_no_phone_is_refused(typed):
    with pytest.raises(Refused) as refused:
        normalise.phone(typed)
    assert refused.value.code == "phone-malformed"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("I10", "I10"),
        ("i10", "I10"),
        (" Ｉ１０．９ ", "I10.9"),
        ("i10.X00", "I10.x00"),
        ("I10x00", "I10.x00"),
        ("L50900", "L50.900"),
        ("M17.900X001", "M17.900x001"),
        ("H36.0*", "H36.0"),
        ("E11.301†H36.0*", "E11.301"),
    ],
)
def test_a_diagnosis_code_has_one_form(typed, code):
    assert normalise.diagnosis(typed) == code == normalise.diagnosis(code)


@pytest.mark.parametrize(
    "typed", ["", "高血压", "10", "I1", "II0", "I10.-", "M8000/3", "I10.9y", "I10 I11", "١10"]
)
def test_what_is_no_diagnosis_code_is_refused(typed):
    with pytest.raises(Refused) as refused:
        normalise.diagnosis(typed)
    assert refused.value.code == "diagnosis-malformed"


@pytest.mark.parametrize("typed", ["7", 7, "-7"])
def test_a_whole_number_is_one(typed):
    assert abs(normalise.whole(typed)) == 7


@pytest.mark.parametrize(
    "typed", ["１２", "٣", "1_0", "1.0", 1.0, True, " 7 ", "7\n", "", "1e3", None, [7]]
)
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(Refused):
        normalise.whole(typed)


@pytest.mark.parametrize("typed", ["王秀兰", "𠮷田", "阿卜杜拉·买买提", "O'Brien", "Ana María"])
def test_rare_names_are_names(typed):
    assert normalise.name(typed) == typed


def test_the_dots_of_names_have_one_form():
    assert (
        normalise.name("阿卜杜拉•买买提") == normalise.name("阿卜杜拉・买买提") == "阿卜杜拉·买买提"
    )


@pytest.mark.parametrize(
    "typed", ["", " ", "王\u202e兰", "王\u200b兰", "王<b>", "王1", "王\x00", "王" * 51]
)
def test_marks_and_digits_are_no_name(typed):
    with pytest.raises(Refused) as refused:
        normalise.name(typed)
    assert refused.value.code == "name-malformed"


def is_glyph_choice(char):
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


INVISIBLE = [
    *("\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u180b", "\u180f", "\u200d"),
    *("\u2065", "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\ufff0", "\U0001bca0", "\U0001d173"),
    *("\U000e0001", "\U000e0100", "\U000e01ef", "\U000e0fff"),
]


@pytest.mark.parametrize("mark", INVISIBLE, ids=ascii)
@pytest.mark.parametrize("around", ["{}", "{}王秀兰", "Ana{} María", "王·{}秀兰", "王\ufe00{}秀兰"])
def test_what_is_drawn_as_nothing_is_no_part_of_a_name(mark, around):
    with pytest.raises(Refused) as refused:
        normalise.name(around.format(mark))
    assert refused.value.code == "name-malformed"


@pytest.mark.parametrize(
    "mark", [each for each in INVISIBLE if not is_glyph_choice(each)], ids=ascii
)
def test_nor_does_it_stand_between_ideographs(mark):
    with pytest.raises(Refused):
        normalise.name(f"王{mark}秀兰")


@pytest.mark.parametrize("typed", ["葛\U000e0100城", "葛\ufe00城\U000e01ef", "𠮷\U000e0101田"])
def test_which_glyph_an_ideograph_is_drawn_with_is_not_part_of_a_name(typed):
    plain = "".join(char for char in typed if not is_glyph_choice(char))
    assert normalise.name(typed) == normalise.name(plain) == plain


@pytest.mark.parametrize("typed", ["김민준", "ｱﾅ", "葛城"])
def test_its_visible_neighbours_are_names(typed):
    assert normalise.name(typed) == typed


def test_prose_keeps_lines_and_loses_invisible_marks():
    assert normalise.prose(" 头晕\r\n三天\u202e\u200b ") == "头晕\n三天"
    with pytest.raises(Refused):
        normalise.prose("长" * 2001)


@pytest.mark.parametrize(
    ("typed", "birth", "sex"),
    [
        ("11010519491231002X", date(1949, 12, 31), "female"),
        ("440524188001010014", None, None),  # a published sample, born before 1900
        ("110108199003071238", date(1990, 3, 7), "male"),
        ("11010820150601004x", date(2015, 6, 1), "female"),
        ("１１０１０５１９４９１２３１００２Ｘ", date(1949, 12, 31), "female"),
        ("110105 19491231 002X", date(1949, 12, 31), "female"),
    ],
)
def test_an_id_number_tells_birth_date_and_sex(typed, birth, sex):
    if birth is None:
        with pytest.raises(Refused):
            identity.citizen_id(typed, today=TODAY)
        return
    read = identity.citizen_id(typed, today=TODAY)
    assert (read.birth_date, read.sex) == (birth, sex)
    assert read.number == identity.normalise(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("110105194912310021", "id-number-checksum"),  # off by one
        ("11010519491231", "id-number-malformed"),
        ("1101051949123100XX", "id-number-malformed"),
        ("110105194902300016", "id-number-birth-date"),  # 30 February
        ("110105202612310012", "id-number-birth-date"),  # not yet born
        ("", "id-number-malformed"),
    ],
)
def test_an_id_number_that_cannot_be_is_refused_for_its_reason(typed, code):
    if code == "id-number-birth-date":
        typed = typed[:17] + identity.check_letter(typed[:17])
    with pytest.raises(Refused) as refused:
        identity.citizen_id(typed, today=TODAY)
    assert refused.value.code == code


@given(
    st.text(alphabet="0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9)
)
def test_one_wrong_digit_never_passes_the_checksum(first17, place, step):
    other = str((int(first17[place]) + step) % 10)
    changed = first17[:place] + other + first17[place + 1 :]
    assert identity.check_letter(first17) != identity.check_letter(changed)


@pytest.mark.parametrize(
    ("text", "fen"), [("50", 5000), ("50.5", 5050), ("0.01", 1), ("80.00", 8000)]
)
def test_money_is_read_in_yuan_and_kept_in_fen(text, fen):
    assert money.fen(text) == fen
    assert money.fen(money.yuan(fen)) == fen


@pytest.mark.parametrize("text", ["-1", "1e3", "１.００", "1,000", "NaN", "0.001", "", " 5"])
def test_what_is_no_money_is_refused(text):
    with pytest.raises(Refused):
        money.fen(text)


def test_equal_meanings_have_equal_canonical_texts():
    assert (
        canonical({"b": 1.0, "a": "e\u0301"})
        == canonical({"a": "\u00e9", "b": 1})
        == '{"a":"é","b":1}'
    )
    assert digest({"a": [1, 2]}) != digest({"a": [2, 1]})
    with pytest.raises(TypeError):
        canonical({"a": object()})


@pytest.mark.parametrize(
    ("born", "on", "said"),
    [
        (date(2026, 3, 10), date(2026, 3, 10), "0 天"),
        (date(2026, 3, 10), date(2026, 4, 8), "29 天"),
        (date(2026, 3, 10), date(2026, 4, 9), "30 天"),
        (date(2026, 3, 10), date(2026, 4, 10), "1 个月"),
        (date(2026, 3, 10), date(2027, 2, 10), "11 个月"),
        (date(2026, 3, 10), date(2027, 3, 9), "11 个月"),
        (date(2026, 3, 10), date(2027, 3, 10), "1 岁"),
        (date(2026, 1, 31), date(2026, 2, 28), "28 天"),
        (date(2026, 1, 31), date(2026, 3, 1), "1 个月"),
        (date(2024, 2, 29), date(2025, 2, 28), "11 个月"),
        (date(2024, 2, 29), date(2025, 3, 1), "1 岁"),
        (date(1958, 6, 17), date(2026, 3, 10), "67 岁"),
    ],
)
def test_an_age_is_said_in_days_months_or_years(born, on, said):
    assert age_said(born, on) == said


@pytest.mark.parametrize(
    ("on", "years"), [(date(2027, 5, 19), 5), (date(2027, 5, 20), 6), (date(2027, 5, 21), 6)]
)
def test_a_birthday_that_has_come_counts(on, years):
    assert full_years(date(2021, 5, 20), on) == years
    assert full_months(date(2021, 5, 20), on) in range(years * 12, years * 12 + 12)


@pytest.mark.parametrize(
    "raw",
    [
        '{"a":1,"a":2}',
        "[" * 100_000,
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        '{"a":NaN}',
        "{",
        b"\xff",
    ],
)
def test_json_that_could_be_a_weapon_is_refused(raw):
    with pytest.raises(ParseError):
        loads(raw)


def test_json_as_deep_as_allowed_passes():
    assert loads("[" * MAX_DEPTH + "]" * MAX_DEPTH)
