"""What must be so before a privilege is granted: the breach, and the nearest that is none."""

import pytest

from doctors import rules
from hospital.kernel.rules import check

CASES = [  # rule, breaks it, nearest thing that does not
    (rules.licence_comes_first, {"licence_in_force": False}, {"licence_in_force": True}),
    (
        rules.tier_fits_the_title,
        {"kind": "antimicrobial", "tier": "special", "title": "attending"},
        {"kind": "antimicrobial", "tier": "restricted", "title": "attending"},
    ),
    (
        rules.tier_fits_the_title,
        {"kind": "antimicrobial", "tier": "restricted", "title": "resident"},
        {"kind": "antimicrobial", "tier": "unrestricted", "title": "resident"},
    ),
    (
        rules.tier_fits_the_title,
        {"kind": "antimicrobial", "tier": "unrestricted", "title": "pharmacist"},
        {"kind": "antimicrobial", "tier": "special", "title": "associate_chief"},
    ),
    (
        rules.reviewer_is_experienced,
        {"kind": "review", "title": "pharmacist", "months": 35},
        {"kind": "review", "title": "pharmacist", "months": 36},
    ),
]


def test_a_usual_wish_breaks_nothing():
    assert check(rules.GRANTING, rules.Wish()) == ()


@pytest.mark.parametrize(("rule", "broken", "near"), CASES)
def test_the_breach_and_its_nearest_neighbour(rule, broken, near):
    assert [f.rule for f in check(rules.GRANTING, rules.Wish(**broken))] == [rule.id]
    assert check(rules.GRANTING, rules.Wish(**near)) == ()


def test_every_rule_is_tested():
    assert {rule for rule, *_ in CASES} == set(rules.GRANTING)
