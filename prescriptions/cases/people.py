"""The patient, the visit and the doctor of a decision case, with their defaults."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from prescriptions.cases.section import Section, Sign
from prescriptions.rules.people import (
    Allergy,
    CurrentMedicine,
    Doctor,
    Evidence,
    Patient,
    SameDisease,
    Visit,
)
from prescriptions.rules.terms import (
    EvidenceKind,
    Hospital,
    Liver,
    Pregnancy,
    Reaction,
    Right,
    Sex,
    Title,
    VisitKind,
    VisitState,
)

_DEPARTMENT = "心血管内科"
_EVIDENCE: Mapping[str, Any] = {"diagnosis": "I10", "days_ago": 40}


def patient(section: Section) -> Patient:
    who = Patient(
        birth_date=section.day("birth_date", "1963-05-01"),
        sex=section.choice("sex", Sex.MALE),
        weight_kg=section.number_or_null("weight_kg"),
        pregnancy=section.choice("pregnancy", Pregnancy.NO),
        lactating=section.flag("lactating", default=False),
        egfr=section.number_or_null("egfr", Decimal(90)),
        liver=section.choice("liver", Liver.NORMAL),
        allergies=tuple(map(_allergy, section.sections("allergies"))),
        allergies_known=section.flag("allergies_known", default=True),
        current_medicines=tuple(map(_current, section.sections("current_medicines"))),
        real_name=section.flag("real_name", default=True),
        consent_current=section.flag("consent_current", default=True),
        guardian_verified=section.flag("guardian_verified", default=False),
        guardian_present=section.flag("guardian_present", default=False),
        specialist_with_child=section.flag("specialist_with_child", default=False),
    )
    section.finish()
    if who.sex is Sex.MALE and who.pregnancy is Pregnancy.YES:
        section.note("男性不能为 yes", "pregnancy")
    return who


def _allergy(section: Section) -> Allergy:
    allergy = Allergy(section.text("to"), section.choice("reaction", Reaction.SEVERE))
    section.finish()
    if not allergy.to.strip():
        section.note("须写明过敏原", "to")
    if not section.has("reaction"):
        section.note("须写明反应程度", "reaction")
    return allergy


def _current(section: Section) -> CurrentMedicine:
    medicine = CurrentMedicine(section.text("drug"), section.whole_or_null("days_left", Sign.ANY))
    section.finish()
    if not medicine.drug.strip():
        section.note("须写明药品", "drug")
    return medicine


def visit(section: Section) -> Visit:
    if section.content.get("state") == "terminated":
        section.content = {**section.content, "state": VisitState.REFERRED}
    seen = Visit(
        kind=section.choice("kind", VisitKind.FOLLOWUP),
        state=section.choice("state", VisitState.OPEN),
        diagnoses=section.texts("diagnoses", default=["I10"]),
        evidence=tuple(map(_evidence, section.sections("evidence", default=[_EVIDENCE]))),
        same_diseases=tuple(map(_same_disease, section.sections("same_diseases"))),
    )
    section.finish()
    return seen


def _evidence(section: Section) -> Evidence:
    evidence = Evidence(
        kind=section.choice("kind", EvidenceKind.OUTPATIENT_RECORD),
        diagnosis=section.text("diagnosis", "I10"),
        days_ago=section.whole("days_ago", 40),
        hospital=section.choice("hospital", Hospital.OWN),
        department=section.text("department", _DEPARTMENT),
        read_by=section.text("read_by"),
    )
    section.finish()
    return evidence


def _same_disease(section: Section) -> SameDisease:
    pair = SameDisease(section.text("first"), section.text("second"))
    section.finish()
    if not (pair.first.strip() and pair.second.strip()):
        section.note("须写明两个诊断", "first")
    return pair


def doctor(section: Section) -> Doctor:
    by_title = section.content.get("antimicrobial_right") is None
    section.known.add("antimicrobial_right")
    who = Doctor(
        title=section.choice("title", Title.ATTENDING),
        specialty=section.text("specialty", _DEPARTMENT),
        department_code=section.text("department_code"),
        independent_practice_years=section.number("independent_practice_years", Decimal(8)),
        licence_valid=section.flag("licence_valid", default=True),
        may_prescribe=section.flag("may_prescribe", default=True),
        identity_verified_minutes_ago=section.number_or_null(
            "identity_verified_minutes_ago", Decimal(5)
        ),
        antimicrobial_right=None if by_title else section.choice("antimicrobial_right", Right.NONE),
        is_human=section.flag("is_human", default=True),
    )
    section.finish()
    return who
