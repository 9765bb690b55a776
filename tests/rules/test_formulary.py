"""The formulary: no row of the tables is without effect, and codes mean what they should."""

from decimal import Decimal

import pytest

from prescriptions.formulary import formulary
from prescriptions.formulary.atc import prefixes
from prescriptions.formulary.measures import PER_DAY
from prescriptions.formulary.tables import read_tables

TABLES = read_tables()


def test_every_severity_action_and_kind_is_one_that_the_rules_know():
    assert {row.severity for row in TABLES.interactions} == {"contraindicated", "major", "moderate"}
    assert {row.action for row in TABLES.contraindications} == {"block", "warn"}
    assert {row.kind for row in TABLES.contraindications} == {
        "age_below",
        "age_at_or_above",
        "pregnancy",
        "lactation",
        "egfr_below",
        "hepatic_severe",
        "sex_male_only",
        "sex_female_only",
        "diagnosis_prefix",
    }
    assert {drug.usual_frequency for drug in formulary().drugs} <= set(PER_DAY)


def test_every_crossing_of_an_allergy_leads_to_a_group():
    crossings = {group.crosses_to for group in TABLES.allergy_groups}
    assert crossings <= {"", *formulary().allergy_groups}


def test_a_code_is_meant_by_each_of_its_prefixes():
    assert prefixes(["C09AA02"]) >= {"C", "C09", "C09A", "C09AA", "C09AA02"}
    assert "M01A" in prefixes(["M01AH01"])


def test_glucosamine_is_not_meant_by_the_prefix_of_the_nsaids():
    assert "M01A" not in prefixes(["M01AX05"])
    assert {"M01AX", "M01A"} <= prefixes(["M01AX05", "M01AH01"])


def test_a_combination_is_known_by_its_parts():
    both = formulary().find("缬沙坦氨氯地平片(80mg/5mg)")
    assert both
    assert both.known.codes == {"C09DB01", "C09CA03", "C08CA01"}
    assert both.known.classes == {"C09A/C09C"}


def test_interactions_do_not_depend_on_the_order_of_the_pair():
    drugs = formulary().drugs[::7]
    for one in drugs:
        for other in drugs:
            assert formulary().interactions_of(one, other) == formulary().interactions_of(
                other, one
            )


CHRONIC = {"I10", "i10.x00", "L50.1", "E11.65"}


@pytest.mark.parametrize("code", sorted(CHRONIC | {"L50.9", "L50900", "L50.8", "Q99"}))
def test_a_diagnosis_is_chronic_by_its_code_or_its_whole_category(code):
    assert formulary().diagnoses.is_chronic(code) is (code in CHRONIC)


def test_a_strength_that_does_not_exist_finds_nothing():
    assert formulary().find("苯磺酸氨氯地平片", Decimal(5))
    assert formulary().find("苯磺酸氨氯地平片", Decimal(6)) is None


def test_what_is_taken_may_be_a_name_or_a_code_but_not_just_any_word():
    assert formulary().taken("华法林钠片")
    assert formulary().taken("n06af04")
    assert formulary().taken("N06AF")
    assert formulary().taken("X99ZZ99") is None
    assert formulary().taken("秘方") is None
