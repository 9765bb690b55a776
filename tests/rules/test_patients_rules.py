"""Whose word is enough to be linked to whom; what a weight and a reference range look like."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hospital.kernel.documents import ID_CARD, Document
from hospital.kernel.identity import check_letter
from hospital.kernel.refusals import NotAllowed, Refused
from patients import claims, history
from patients.claims import Claim, Known
from patients.services.health import kilograms

TODAY = date(2026, 3, 10)
PHONE, OTHER = "13800006620", "13900000000"
BORN = (date(1958, 6, 17), "female")
ADULT = Known("王秀兰", *BORN, PHONE, ())
CHILD = Known("郭小满", *BORN, PHONE, (("郭立", PHONE), ("李梅", OTHER)))


def made(relation, name="王秀兰"):
    number = "110108195806170020"
    return Claim(name, Document(ID_CARD, number, *BORN), relation)


PROVEN = [
    (made("self"), ADULT, {PHONE}, "王秀兰"),
    (made("parent"), ADULT, {OTHER, PHONE}, "郭立"),
    (made("child", "郭小满"), CHILD, {PHONE}, "郭立"),
    (made("child", "郭小满"), CHILD, {OTHER}, "李梅"),
]
REFUSED = [
    (made("self"), ADULT, {OTHER}, "王秀兰"),
    (made("self", "王秀芳"), ADULT, {PHONE}, "王秀芳"),
    (made("self"), Known("王秀兰", *BORN, None, ()), {PHONE}, "王秀兰"),
    (made("parent"), ADULT, {OTHER}, "郭立"),
    (made("parent"), None, {PHONE}, "郭立"),
    (made("child", "郭小满"), None, {PHONE}, "郭立"),
    (made("child", "郭小满"), CHILD, {OTHER}, "郭立"),
    (made("child", "郭小满"), CHILD, {PHONE}, "王秀兰"),
    (made("child", "郭小满"), Known("郭小满", *BORN, PHONE, ()), {PHONE}, "郭立"),
    (made("child", "郭大满"), CHILD, {PHONE}, "郭立"),
    (made("self"), replace(ADULT, birth_date=date(1958, 6, 18)), {PHONE}, "王秀兰"),
    (made("self"), replace(ADULT, sex="male"), {PHONE}, "王秀兰"),
    (made("child", "郭小满"), replace(CHILD, birth_date=date(1959, 6, 17)), {PHONE}, "郭立"),
]


@pytest.mark.parametrize(("claim", "known", "phones", "by"), PROVEN)
def test_what_the_hospital_bears_out_is_proven(claim, known, phones, by):
    assert claims.is_proven(claim, known, phones=phones, by_name=by)


@pytest.mark.parametrize(("claim", "known", "phones", "by"), REFUSED)
def test_what_it_does_not_bear_out_is_refused_in_the_same_words(claim, known, phones, by):
    with pytest.raises(NotAllowed) as refused:
        claims.is_proven(claim, known, phones=phones, by_name=by)
    assert (refused.value.code, refused.value.message) == (
        "cannot-link",
        claims.cannot_link().message,
    )


def test_oneself_may_be_unknown_to_the_hospital_and_is_not_proven_then():
    assert not claims.is_proven(made("self"), None, phones={PHONE}, by_name="王秀兰")


@pytest.mark.parametrize(
    ("relation", "birth", "code"),
    [
        ("self", "20120311", "guardian-needed"),  # fourteen tomorrow
        ("self", "20120310", None),
        ("child", "20080310", "relation-age"),  # eighteen today
        ("child", "20080311", None),
        ("parent", "20080311", "relation-age"),
        ("parent", "20080310", None),
    ],
)
def test_ages_are_full_years_on_the_day(relation, birth, code):
    number = f"110108{birth}001"
    number += check_letter(number)
    if code is None:
        assert claims.claim("王某", number, relation, today=TODAY).document.number == number
    else:
        with pytest.raises(Refused) as refused:
            claims.claim("王某", number, relation, today=TODAY)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "kg"), [("62.5", "62.5"), (" ６２．５ ", "62.5"), ("7", "7"), ("", None)]
)
def test_weights_as_people_type_them(typed, kg):
    assert kilograms(typed) == (None if kg is None else Decimal(kg))


@pytest.mark.parametrize("typed", ["1e2", "1_0", "-5", "62.55", "NaN", "1000", "62斤", "６２,５"])
def test_what_is_no_weight_is_refused(typed):
    with pytest.raises(Refused) as refused:
        kilograms(typed)
    assert refused.value.code == "weight-malformed"


@pytest.mark.parametrize(
    ("value", "low", "high", "flag", "reference"),
    [
        ("5.4", "3.5", "5.3", "high", "3.5–5.3"),
        ("5.3", "3.5", "5.3", "", "3.5–5.3"),
        ("3.4", "3.5", "5.3", "low", "3.5–5.3"),
        ("52", "90.0000", None, "low", "≥90"),
        ("3.5", None, "3.4000", "high", "≤3.4"),
        ("9", None, None, "", ""),
    ],
)
def test_a_value_lies_within_or_on_one_side(value, low, high, flag, reference):
    bounds = [None if each is None else Decimal(each) for each in (low, high)]
    assert history.flag(Decimal(value), *bounds) == flag
    assert history.reference(*bounds) == reference
