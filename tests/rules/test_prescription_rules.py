"""The law of prescribing: every rule has its breach and its nearest lawful neighbour."""

import json
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hospital.consultations import rules as visits
from hospital.kernel.canonical import canonical
from hospital.kernel.rules import Severity
from hospital.policy.values import Policy
from prescriptions.cases import answer, case_of, read
from prescriptions.formulary import formulary
from prescriptions.replays import plain, replay
from prescriptions.rules import BEFORE_SIGNING, Outcome, decide
from tests.rules.prescription_table import (
    CASES,
    Case,
    Row,
    joined,
    line,
    lines,
    proof,
    proven,
)

IDS = [row.rule for row in CASES]


def rules_hit(case: Case) -> set[str]:
    return {finding.rule for finding in decide(read(case)).findings}


def test_every_rule_is_in_the_table_once():
    assert sorted(IDS) == sorted(rule.id for rule in BEFORE_SIGNING)


def test_the_default_case_breaks_no_rule():
    assert decide(read({})).findings == ()


@pytest.mark.parametrize("row", CASES, ids=IDS)
def test_the_breach_breaks_the_rule_and_its_neighbour_does_not(row: Row):
    assert row.rule in rules_hit(row.breach)
    assert row.rule not in rules_hit(row.neighbour)


@pytest.mark.parametrize(
    ("pair", "is_proven"),
    [((), False), (("I10", "E11.9"), False), (("I10", "I25.1"), True), (("I25.1", "I10"), True)],
)
def test_a_doctors_word_that_two_codes_are_one_disease_proves_the_other(pair, is_proven):
    assert ("VISIT-FOLLOW-UP" in rules_hit(joined(*pair))) is not is_proven
    assert read(case_of(read(joined(*pair)))) == read(joined(*pair))


HERE, THERE, DIABETES = proof("心血管内科"), proof("内分泌科"), proof("内分泌科", "E11.9")
READ_HERE, READ_THERE = proof("", read_by="03.04"), proof("", read_by="03.05")
BOTH = ("I10", "E11.9")


@pytest.mark.parametrize(
    ("case", "is_lawful"),
    [
        (proven(HERE), True),
        (proven(THERE), False),
        (proven(THERE, HERE), True),
        (proven(THERE, is_asked=False), True),
        (proven(HERE, DIABETES, diagnoses=BOTH), False),
        (proven(HERE, DIABETES, diagnoses=BOTH, is_asked=False), True),
        (proven(HERE, DIABETES, proof("心血管内科", "E11.9"), diagnoses=BOTH), True),
        (proven(HERE, diagnoses=("I25.1",)), True),  # by a doctor's word
        (proven(THERE, diagnoses=("I25.1",)), False),
        (proven(READ_HERE), True),
        (proven(READ_THERE), False),
        (proven(READ_THERE, is_asked=False), True),
        (proven(proof("")), False),
    ],
)
def test_the_same_department_is_asked_for_when_prescribing_as_when_ordering(case, is_lawful):
    proposal = read(case)
    assert rules_hit(case) == (set() if is_lawful else {"VISIT-DEPARTMENT"})
    assert read(case_of(proposal), proposal.policy) == proposal
    seen = proposal.visit
    asked = visits.Visit(
        diagnoses=seen.diagnoses,
        evidence=tuple(
            visits.Evidence(e.diagnosis, e.days_ago, department=e.department, read_by=e.read_by)
            for e in seen.evidence
        ),
        same_diseases=tuple((each.first, each.second) for each in seen.same_diseases),
        doctor=visits.Doctor(proposal.doctor.specialty, proposal.doctor.department_code),
        terms=visits.Terms(followup_same_department=proposal.policy.followup_same_department),
    )
    assert (visits.judge(asked)[0] == "pass") is is_lawful


def test_a_decision_from_before_departments_were_gathered_is_judged_as_it_was():
    facts = json.loads(canonical(plain(read(proven(THERE)))))
    strict = Policy(followup_same_department=True)
    assert [each["rule"] for each in replay(facts, strict)[1]] == ["VISIT-DEPARTMENT"]
    for each in facts["visit"]["evidence"]:
        del each["department"], each["read_by"]
    del facts["doctor"]["department_code"]
    assert replay(facts, strict) == ("pass", [])


@pytest.mark.parametrize("rule", BEFORE_SIGNING, ids=lambda rule: rule.id)
def test_a_rule_says_what_it_wants_in_both_languages_by_which_law_and_what_to_do(rule):
    assert rule.says.endswith("。")
    assert rule.says_en.endswith(".")
    assert rule.todo.endswith("。")
    assert rule.source
    assert rule.register in {f"E{number:02}" for number in range(1, 18)}


def test_findings_come_in_the_order_of_the_register_then_of_the_lines():
    everything = [drug.name for drug in formulary().drugs][:40]
    decision = decide(read(lines(*(line(name, 1, 90) for name in everything))))
    places = [(f.of.register, -1 if f.line is None else f.line) for f in decision.findings]
    assert places == sorted(places)
    assert len(places) > 100


SOME_LINES = st.lists(
    st.builds(
        line,
        st.sampled_from([drug.name for drug in formulary().drugs]),
        st.sampled_from([None, 0.5, 1, 5, 10, 100, 500, 4000]),
        st.sampled_from([1, 7, 8, 28, 29, 84, 85]),
        frequency=st.sampled_from(["qd", "bid", "qw", "prn", "q72h"]),
    ),
    min_size=1,
    max_size=6,
)
GRAVITY = list(Outcome)


@settings(deadline=None, max_examples=150)
@given(SOME_LINES, st.sampled_from(["", "理由"]), st.booleans())
def test_the_same_case_always_has_the_same_answer(some, reason, second):
    case = lines(*some, reason=reason, second_signature=second)
    proposal = read(case)
    assert answer(decide(proposal)) == answer(decide(read(case)))
    assert answer(decide(read(case_of(proposal)))) == answer(decide(proposal))


@settings(deadline=None, max_examples=150)
@given(SOME_LINES, st.sampled_from(["", "理由"]), st.booleans())
def test_leaving_a_line_out_never_makes_a_decision_worse(some, reason, second):
    def gravity(these):
        case = lines(*these, reason=reason, second_signature=second)
        return GRAVITY.index(decide(read(case)).outcome)

    whole = gravity(some)
    for fewer in combinations(some, len(some) - 1):
        if fewer:
            assert gravity(fewer) >= whole


@settings(deadline=None, max_examples=100)
@given(SOME_LINES)
def test_a_second_signature_never_lifts_a_block(some):
    unsigned = decide(read(lines(*some, reason="理由")))
    signed = decide(read(lines(*some, reason="理由", second_signature=True)))
    assert (signed.outcome is Outcome.BLOCK) == (unsigned.outcome is Outcome.BLOCK)
    assert signed.outcome is not Outcome.REASON
    kept = [f for f in signed.as_dict()["findings"] if f["severity"] == Severity.REASON]
    assert all(finding["answered"] for finding in kept)
