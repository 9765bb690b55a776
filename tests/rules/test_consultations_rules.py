import json
from dataclasses import replace

import pytest

from hospital.consultations import explaining, rules
from hospital.consultations.rules import Doctor, Evidence, Terms, Visit, visit
from hospital.kernel.canonical import canonical

LAWFUL = Visit(diagnoses=("I10",), evidence=(Evidence("I10", 40, department="心血管内科"),))
CHILD = {
    "patient_age": 5,
    "terms": Terms(minimum_age_online=0),
    "guardian_verified": True,
    "guardian_present": True,
    "specialist": True,
    "guardian_consent": "a consent",
}
CLOSED = {"pharmacist_on_duty": False, "terms": Terms(no_pharmacist="close")}
CASES = [  # rule, breaks it, nearest thing that does not
    (visit.follow_up_only, {"evidence": ()}, {"kind": "advice", "evidence": ()}),
    (visit.follow_up_only, {"diagnoses": ()}, {"kind": "advice", "diagnoses": ()}),
    (
        visit.follow_up_only,
        {"evidence": (Evidence("I10", 181),)},
        {"evidence": (Evidence("I10", 180),)},
    ),
    (visit.follow_up_only, {"diagnoses": ("I11.9",)}, {"diagnoses": ("I10.9",)}),
    (visit.follow_up_only, {"diagnoses": ("I10", "E11.9")}, {"diagnoses": ("I10",)}),
    (visit.old_enough, {"patient_age": 5}, {"patient_age": 6}),
    (visit.young_child_accompanied, CHILD | {"guardian_present": False}, CHILD),
    (visit.young_child_accompanied, CHILD | {"guardian_verified": False}, CHILD),
    (visit.young_child_accompanied, CHILD | {"specialist": False}, CHILD),
    (visit.young_child_accompanied, CHILD | {"specialist": False}, {"patient_age": 6}),
    (visit.under_a_real_name, {"real_name": False}, {"real_name": True}),
    (visit.consented, {"consent_current": False}, {"consent_current": True}),
    (
        visit.guardian_consented,
        {"patient_age": 13},
        {"patient_age": 13, "guardian_consent": "a consent"},
    ),
    (visit.guardian_consented, {"patient_age": 13}, {"patient_age": 14}),
    (visit.allergies_answered, {"allergies_answered": False}, {"allergies_answered": True}),
    (
        visit.doctor_may_practise,
        {"doctor": Doctor(credential_in_force=False)},
        {"doctor": Doctor()},
    ),
    (
        visit.doctor_may_practise,
        {"doctor": Doctor(practice_months=35)},
        {"doctor": Doctor(practice_months=36)},
    ),
    (visit.doctor_is_receiving, {"doctor": Doctor(is_receiving=False)}, {"doctor": Doctor()}),
    (visit.doctor_is_receiving, {"doctor": Doctor(offers=False)}, {"doctor": Doctor()}),
    (
        visit.doctor_is_receiving,
        {"doctor": Doctor(places_left=0)},
        {"doctor": Doctor(places_left=1)},
    ),
    *(
        (
            visit.doctor_is_receiving,
            {"doctor": Doctor(is_receiving=False, away=why)},
            {"doctor": Doctor(is_receiving=True)},
        )
        for why in ("switch", "leave", "hours", "waiting")
    ),
    (
        visit.doctor_prescribes,
        {"doctor": Doctor(prescribes=False)},
        {"kind": "advice", "doctor": Doctor(prescribes=False)},
    ),
    (visit.doctor_prescribes, {"doctor": Doctor(prescribes=False)}, {"doctor": Doctor()}),
    (visit.pharmacist_on_duty, {"pharmacist_on_duty": False}, {"pharmacist_on_duty": True}),
    (
        visit.pharmacist_on_duty,
        {"pharmacist_on_duty": False},
        {"pharmacist_on_duty": False, "kind": "advice"},
    ),
    (visit.pharmacist_on_duty, CLOSED, CLOSED | {"pharmacist_on_duty": True}),
    (visit.pharmacist_on_duty, CLOSED, CLOSED | {"kind": "advice"}),
]


def test_the_lawful_case_is_found_without_fault():
    assert rules.judge(LAWFUL) == ("pass", ())


@pytest.mark.parametrize(("rule", "breaking", "lawful"), CASES)
def test_each_rule_stops_its_case_and_lets_the_nearest_one_pass(rule, breaking, lawful):
    assert [f.rule for f in rule(replace(LAWFUL, **breaking))] == [rule.id]
    assert list(rule(replace(LAWFUL, **lawful))) == []


@pytest.mark.parametrize(
    ("choice", "step", "kind", "outcome"),
    [
        ("warn", "order", "followup", "pass"),
        ("close", "order", "followup", "block"),
        ("close", "accept", "followup", "pass"),  # whoever has paid is not turned away
        ("close", "order", "advice", "pass"),
    ],
)
def test_without_a_pharmacist_the_hospital_warns_or_closes(choice, step, kind, outcome):
    seen = replace(
        LAWFUL,
        pharmacist_on_duty=False,
        step=step,
        kind=kind,
        terms=Terms(no_pharmacist=choice),
    )
    judged, found = rules.judge(seen)
    assert judged == outcome
    assert len(found) == (1 if kind == "followup" else 0)


def test_a_decision_from_before_the_choice_is_taken_again_as_it_was():
    old = replace(LAWFUL, pharmacist_on_duty=False)
    policy = {"followup_window_days": 180}  # a version that is older than the choice
    outcome, found = rules.replay(json.loads(canonical(rules.plain(old))), policy)
    assert outcome == "pass"
    assert canonical(found) == canonical([each.as_dict() for each in rules.judge(old)[1]])
    assert found[0]["severity"] == "info"


def test_every_rule_is_tested():
    assert {rule.id for rule, *_ in CASES} == {rule.id for rule in rules.BEFORE_ORDERING}


def test_a_first_visit_is_guided_offline_and_says_what_was_looked_for():
    outcome, (finding,) = rules.judge(replace(LAWFUL, diagnoses=("L20.9",)))
    assert outcome == "block"
    assert finding.as_dict()["terminate"] is True
    assert finding.as_dict()["evidence"] == {"why": "other-diagnosis", "diagnosis": "L20.9"}


def test_evidence_of_another_hospital_counts_too():
    assert (
        rules.judge(replace(LAWFUL, evidence=(Evidence("I10", 3, hospital="other"),)))[0] == "pass"
    )


def test_a_hospital_may_ask_for_the_same_department():
    terms = Terms(followup_same_department=True)
    here, there = Doctor(department="心血管内科"), Doctor(department="皮肤科")
    assert rules.judge(replace(LAWFUL, terms=terms, doctor=here))[0] == "pass"
    assert rules.judge(replace(LAWFUL, terms=terms, doctor=there))[0] == "block"


def test_no_pharmacist_is_worth_knowing_and_stops_nobody():
    outcome, (finding,) = rules.judge(replace(LAWFUL, pharmacist_on_duty=False))
    assert (outcome, finding.severity) == ("pass", "info")


def test_whoever_is_away_is_said_to_be_back_when():
    away = Doctor(is_receiving=False, away="leave", back_at="2026-03-17T09:00:00+08:00")
    outcome, (finding,) = rules.judge(replace(LAWFUL, doctor=away))
    assert outcome == "block"
    assert finding.says == "这位医生正在休假。3月17日（周二）09:00 恢复接诊。"
    assert finding.says_en.endswith("Back on 2026-03-17 at 09:00, Beijing time.")


def test_who_does_not_prescribe_stops_nobody_but_says_so():
    outcome, (finding,) = rules.judge(replace(LAWFUL, doctor=Doctor(prescribes=False)))
    assert (outcome, finding.rule, finding.severity) == ("pass", "VISIT-PRESCRIBING", "info")


def test_facts_from_before_there_were_hours_are_judged_as_they_were():
    told = rules.plain(replace(LAWFUL, doctor=Doctor(is_receiving=False)))
    for later in ("away", "back_at", "prescribes"):
        del told["doctor"][later]
    outcome, (finding,) = rules.replay(told, Terms())
    assert outcome == "block"
    assert finding["evidence"] == {"why": "switched-off"}
    assert finding["says"] == "这位医生现在不接这类问诊。"


def test_a_doctor_who_accepts_is_not_asked_for_a_place_again():
    full = replace(LAWFUL, step="accept", doctor=Doctor(places_left=0, is_receiving=False))
    assert rules.judge(full)[0] == "pass"


def test_all_that_is_wrong_is_said_at_once():
    found = rules.judge(replace(LAWFUL, evidence=(), real_name=False, consent_current=False))[1]
    assert {f.rule for f in found} == {"VISIT-FOLLOW-UP", "VISIT-REAL-NAME", "VISIT-CONSENT"}


def test_stored_facts_say_the_same_again():
    judged = replace(LAWFUL, evidence=(Evidence("I10", 200),))
    outcome, found = rules.judge(judged)
    again = rules.replay(rules.plain(judged), Terms())
    assert canonical(again) == canonical((outcome, [f.as_dict() for f in found]))
    assert rules.replay(rules.plain(judged), {"followup_window_days": 365})[0] == "pass"


LINKED = replace(
    LAWFUL,
    diagnoses=("I25.1",),
    evidence=(Evidence("I10.x00", 40, name="高血压"),),
    same_diseases=(("I10", "I25.1"),),
)


def test_by_a_doctors_word_another_category_is_the_same_disease_and_the_patient_reads_so():
    outcome, found = rules.judge(LINKED)
    assert (outcome, [f.verdict.evidence["why"] for f in found]) == ("pass", ["same-disease"])
    assert "高血压" in found[0].says
    turned = replace(LINKED, same_diseases=(("I25.1", "I10"),))
    assert rules.judge(turned)[0] == "pass"


@pytest.mark.parametrize(
    "change",
    [
        {"same_diseases": ()},
        {"same_diseases": (("I10", "E11.9"),)},
        {"same_diseases": (("I10", "E11.9"), ("E11.9", "I25.1"))},  # one step and no further
        {"evidence": (Evidence("I10.x00", 181),)},  # the window counts for both
    ],
)
def test_a_word_joins_two_diseases_one_step_within_the_window(change):
    assert rules.judge(replace(LINKED, **change))[0] == "block"


def test_in_the_same_department_means_for_a_paper_who_read_it():
    terms = Terms(followup_same_department=True)
    read = Evidence("I10", 40, hospital="other", read_by="03.04")
    seen = replace(LAWFUL, terms=terms, evidence=(read,))
    here = replace(seen, doctor=Doctor(department="心血管内科", department_code="03.04"))
    assert rules.judge(here)[0] == "pass"
    there = Doctor(department="内分泌科", department_code="03.05")
    assert rules.judge(replace(seen, doctor=there))[0] == "block"
    nowhere = replace(there, department_code="")  # as in facts from before it was asked
    unread = replace(read, read_by="")
    assert rules.judge(replace(seen, doctor=nowhere, evidence=(unread,)))[0] == "block"


def test_every_rule_of_the_order_says_what_is_fine():
    assert set(explaining.FINE) == {rule.id for rule in visit.BEFORE_ORDERING}


def test_the_patient_is_told_the_disease_that_passes_not_the_newest():
    old, recent = Evidence("E11.9", 3, name="糖尿病"), Evidence("I10", 40, name="高血压")
    strict = Terms(followup_same_department=True)
    asked = replace(
        LAWFUL,
        diagnoses=(),
        evidence=(replace(old, department="内分泌科"), replace(recent, department="心血管内科")),
        doctor=Doctor(department="心血管内科"),
        terms=strict,
    )
    told = explaining.explained(asked)
    assert (told.may, told.disease) == (True, "高血压")
    nothing = explaining.explained(replace(asked, evidence=()))
    assert (nothing.may, nothing.lacks_proof, nothing.found) == (False, True, [])
    assert nothing.lines[0].findings  # what blocks stands first
