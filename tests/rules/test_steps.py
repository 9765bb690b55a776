"""Which questions of the e-record are put to whom, and which answers are too old."""

from datetime import date, timedelta

import pytest

from patients import steps
from patients.steps import Given

TODAY = date(2026, 3, 10)


def born(years, *, days=0):
    return date(TODAY.year - years, TODAY.month, TODAY.day) - timedelta(days=days)


def codes(sex, birth):
    return [step.code for step in steps.asked_of(sex, birth, on=TODAY)]


@pytest.mark.parametrize(
    ("sex", "birth", "is_asked"),
    [
        ("female", born(12), True),
        ("female", born(12, days=-1), False),
        ("female", born(56, days=-1), True),
        ("female", born(56), False),
        ("male", born(30), False),
    ],
)
def test_pregnancy_is_asked_of_women_of_twelve_to_fifty_five(sex, birth, is_asked):
    assert ("pregnancy" in codes(sex, birth)) is is_asked


@pytest.mark.parametrize(("birth", "is_asked"), [(born(14, days=-1), True), (born(14), False)])
def test_weight_is_asked_of_children_under_fourteen(birth, is_asked):
    assert ("weight" in codes("male", birth)) is is_asked


@pytest.mark.parametrize(
    ("months", "good", "old"),
    [(6, date(2026, 2, 11), date(2026, 2, 10)), (24, date(2025, 12, 11), date(2025, 12, 10)),
     (60, date(2025, 9, 11), date(2025, 9, 10))],
)  # fmt: skip
def test_a_child_outgrows_a_weight(months, good, old):
    birth = date(2026 - months // 12, 3, 10) if months % 12 == 0 else date(2025, 9, 10)
    assert not steps.is_old_weight(good, birth_date=birth, on=TODAY)
    assert steps.is_old_weight(old, birth_date=birth, on=TODAY)


def test_an_adults_weight_is_good_and_that_of_a_child_they_were_is_not():
    assert not steps.is_old_weight(date(2020, 1, 1), birth_date=born(40), on=TODAY)
    assert steps.is_old_weight(date(2020, 1, 1), birth_date=born(16), on=TODAY)


@pytest.mark.parametrize(
    ("told", "days", "due", "counts_as"),
    [
        ("no", 92, None, "no"),
        ("no", 93, None, "unknown"),
        ("yes", 280, None, "yes"),
        ("yes", 281, None, "unknown"),
        ("yes", 200, TODAY - timedelta(days=14), "yes"),
        ("yes", 200, TODAY - timedelta(days=15), "unknown"),
        ("unknown", 0, None, "unknown"),
    ],
)
def test_what_was_said_of_a_pregnancy_counts_for_a_time(told, days, due, counts_as):
    on = TODAY - timedelta(days=days)
    assert steps.still_pregnant(told, told_on=on, due_on=due, on=TODAY) == counts_as


def test_lactation_is_asked_again_and_counts_meanwhile():
    on = TODAY - timedelta(days=93)
    given = Given(on)
    assert steps.state("pregnancy", given, birth_date=born(30), on=TODAY) == "stale"
    assert steps.still_lactating(is_told=True, told_on=on, on=TODAY)
    assert not steps.still_lactating(is_told=True, told_on=TODAY - timedelta(days=731), on=TODAY)


def test_the_next_question_is_the_first_without_an_answer_behind_this_one():
    asked = steps.asked_of("male", born(30), on=TODAY)
    given = {"allergies": Given(TODAY), "medicines": Given(TODAY, is_skipped=True)}

    def following(after):
        found = steps.next_of(asked, given, birth_date=born(30), on=TODAY, after=after)
        return found.code if found else None

    assert following("") == "history"
    assert following("history") == "insurance"
    assert following("contact") == "history"
    given |= {code: Given(TODAY) for code in ("history", "insurance", "contact")}
    assert following("") is None


def test_allergies_alone_cannot_be_put_off():
    assert [step.code for step in steps.STEPS if not step.may_skip] == ["allergies"]
