"""Every kind of document that people come with, in its one form; and what cannot be one."""

from datetime import date

import pytest

from hospital.kernel import documents, normalise
from hospital.kernel.identity import check_letter
from hospital.kernel.refusals import Refused

TODAY = date(2026, 3, 10)
BORN = {"birth_date": date(1980, 1, 2), "sex": "male"}


def numbered(first17):
    return first17 + check_letter(first17)


CARD = numbered("11010819580617002")
HONG_KONG = numbered("81000019900101001")
MACAO = numbered("82000019900101002")
TAIWAN = numbered("83000019900101003")
FOREIGN = numbered("91115619800101001")


@pytest.mark.parametrize(
    ("number", "kind", "sex"),
    [
        (CARD, "id-card", "female"),
        (HONG_KONG, "residence", "male"),
        (MACAO, "residence", "female"),
        (TAIWAN, "residence", "male"),
        (FOREIGN, "foreign", "male"),
    ],
)
@pytest.mark.parametrize("chosen", documents.EIGHTEEN)
def test_eighteen_places_say_themselves_what_they_are(number, kind, sex, chosen):
    told = documents.read(chosen, number, today=TODAY)
    assert (told.kind, told.number, told.sex, told.key) == (kind, number, sex, number)


@pytest.mark.parametrize(
    ("kind", "typed", "number"),
    [
        ("hk-macao", "h12345678", "H12345678"),
        ("hk-macao", "Ｍ１２３４５６７８", "M12345678"),
        ("hk-macao", "H1234567802", "H12345678"),  # renewed twice, the same person
        ("taiwan", "0123 4567", "01234567"),
        ("taiwan", "0123456789(B)", "0123456789B"),
        ("foreign", "fra110067101234", "FRA110067101234"),
        ("passport", "e 1234 5678", "E12345678"),
        ("passport", "ab-123456", "AB123456"),
    ],
)
def test_other_documents_have_one_form(kind, typed, number):
    told = documents.read(kind, typed, today=TODAY, **BORN)
    assert (told.kind, told.number) == (kind, number)
    assert told.key == f"{kind}:{number}"
    assert (told.birth_date, told.sex) == (BORN["birth_date"], "male")


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("id-card", CARD[:17] + ("1" if CARD[17] != "1" else "2"), "id-number-checksum"),
        ("residence", HONG_KONG[:-1] + "?", "id-number-malformed"),
        ("residence", numbered("81000019900230001"), "id-number-birth-date"),
        ("id-card", "110108580617002", "id-number-malformed"),  # fifteen places, of before 2013
        ("hk-macao", "A12345678", "document-number-malformed"),
        ("hk-macao", "H1234567", "document-number-malformed"),
        ("hk-macao", "H123456789", "document-number-malformed"),
        ("taiwan", "1234567", "document-number-malformed"),
        ("taiwan", "123456789", "document-number-malformed"),
        ("passport", "ABCDEFG", "document-number-malformed"),
        ("passport", "E123", "document-number-malformed"),
        ("passport", "E1234567\u202e", "document-number-malformed"),
        ("foreign", "FR1110067101234", "id-number-malformed"),
        ("driving-licence", "1", "document-kind-unknown"),
    ],
)
def test_what_cannot_be_a_document_is_refused(kind, typed, code):
    with pytest.raises(Refused) as refused:
        documents.read(kind, typed, today=TODAY, **BORN)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("born", "code"),
    [
        ({}, "birth-or-sex-missing"),
        ({"birth_date": date(1980, 1, 2)}, "birth-or-sex-missing"),
        ({"birth_date": date(1980, 1, 2), "sex": "x"}, "birth-or-sex-missing"),
        ({"birth_date": date(2026, 3, 11), "sex": "male"}, "birth-date-impossible"),
        ({"birth_date": date(1899, 12, 31), "sex": "male"}, "birth-date-impossible"),
    ],
)
def test_where_the_number_says_no_birth_date_it_has_to_be_told(born, code):
    with pytest.raises(Refused) as refused:
        documents.read("passport", "E12345678", today=TODAY, **born)
    assert refused.value.code == code
    today = {"birth_date": TODAY, "sex": "female"}
    assert documents.read("passport", "E12345678", today=TODAY, **today).birth_date == TODAY


def test_the_same_places_of_two_kinds_are_two_documents():
    one = documents.read("hk-macao", "H12345678", today=TODAY, **BORN)
    other = documents.read("passport", "H12345678", today=TODAY, **BORN)
    assert one.key != other.key


@pytest.mark.parametrize(
    ("number", "shown"),
    [(CARD, f"110***********{CARD[-4:]}"), ("E12345678", "E******78"), ("01234567", "0*****67")],
)
def test_a_list_shows_a_number_masked(number, shown):
    assert documents.masked(number) == shown


# names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dot", "·•・･．‧⋅∙●ㆍ.")
def test_every_dot_between_the_parts_of_a_name_is_the_middle_dot(dot):
    assert normalise.name(f"阿卜杜拉{dot}买买提") == "阿卜杜拉·买买提"
    assert normalise.name(f"阿卜杜拉 {dot} 买买提") == "阿卜杜拉·买买提"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("𠮷田", "𠮷田"),
        ("吉田", "吉田"),  # another name than the one above
        ("\u2fc5小满", "鹿小满"),  # a Kangxi radical out of a PDF
        ("Ｗang Ｌei", "Wang Lei"),
        ("  王  秀兰 ", "王 秀兰"),
        ("O'Neil-Wang", "O'Neil-Wang"),
        ("Иванов", "Иванов"),
    ],
)
def test_what_looks_like_a_character_is_that_character_and_no_other(typed, meant):
    assert normalise.name(typed) == meant


@pytest.mark.parametrize("typed", ["Wаng Lei", "Wαng", "王\u0430b"])
def test_two_alphabets_in_one_name_are_refused(typed):
    with pytest.raises(Refused) as refused:
        normalise.name(typed)
    assert refused.value.code == "name-mixed-letters"
