"""Makes a proposal of a decision case, or names everything that is wrong with it."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hospital.kernel.calendar import local_date
from prescriptions.cases.people import doctor, patient, visit
from prescriptions.cases.problems import Malformed
from prescriptions.cases.section import Section, Sign
from prescriptions.formulary import formulary
from prescriptions.formulary.measures import PER_DAY
from prescriptions.rules.facts import Line, Proposal
from prescriptions.rules.policy import Policy
from prescriptions.rules.terms import Fulfilment, Kind

NOW = "2025-03-10T10:00:00+08:00"
_DEFAULT_LINE: Mapping[str, Any] = {
    "drug": "苯磺酸氨氯地平片",
    "dose": 5,
    "dose_unit": "mg",
    "frequency": "qd",
    "days": 7,
}


def read(case: object, policy: Policy | None = None) -> Proposal:
    """The proposal that `case` asks about, under `policy` with the case's own changes to it."""
    root = Section(case)
    root.text("name")
    at = root.moment("at", NOW)
    prescription = root.section("prescription")
    proposal = Proposal(
        at=at,
        patient=patient(root.section("patient")),
        visit=visit(root.section("visit")),
        doctor=doctor(root.section("doctor")),
        policy=_policy(root.section("policy"), policy or Policy()),
        fulfilment=root.choice("fulfilment", Fulfilment.HOSPITAL_PHARMACY),
        reason=prescription.text("reason"),
        second_signature=prescription.flag("second_signature", default=False),
        long_term_evaluation=prescription.flag("long_term_evaluation", default=False),
        patient_confirmed_long_term=prescription.flag("patient_confirmed_long_term", default=False),
        extension_days=prescription.whole("extension_days", 0),
        lines=_lines(prescription),
    )
    prescription.finish()
    root.finish()
    _nobody_is_born_tomorrow(root, proposal.patient.birth_date, at)
    if root.problems:
        raise Malformed(tuple(dict.fromkeys(root.problems)))
    return proposal


def _nobody_is_born_tomorrow(root: Section, birth: date, at: datetime) -> None:
    if birth > local_date(at):
        root.note("出生日期晚于开方时间", "patient", "birth_date")


def _lines(prescription: Section) -> tuple[Line, ...]:
    kind = prescription.choice("kind", Kind.WESTERN)
    lines = tuple(
        _line(each, kind) for each in prescription.sections("lines", default=[_DEFAULT_LINE])
    )
    if not lines:
        prescription.note("处方至少要有一种药品", "lines")
    return lines


def _line(section: Section, kind: Kind) -> Line:
    strength = section.number_or_null("strength", allowed=Sign.POSITIVE)
    line = Line(
        drug=section.text("drug", _DEFAULT_LINE["drug"]),
        dose=section.number_or_null("dose", allowed=Sign.POSITIVE),
        dose_unit=_unit(section),
        frequency=section.text("frequency", "qd"),
        days=section.whole("days", 7, allowed=Sign.POSITIVE),
        kind=section.choice("kind", kind) if section.has("kind") else kind,
        strength=strength,
    )
    section.finish()
    if line.frequency not in PER_DAY:
        section.note(f"应为 {' | '.join(PER_DAY)} 之一", "frequency")
    if line.kind is not Kind.HERBAL and formulary().find(line.drug, strength) is None:
        if formulary().find(line.drug):
            section.note("没有这种规格", "strength")
        else:
            section.note("药品目录中没有此药", "drug")
    return line


def _unit(section: Section) -> str:
    """Empty means the drug's own; the micro sign is the Greek letter of the tables."""
    if section.content.get("dose_unit") is None:
        section.known.add("dose_unit")
        return ""
    return section.text("dose_unit").replace("\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}")


def _policy(section: Section, base: Policy) -> Policy:
    values: dict[str, Any] = {"version": base.version}
    for name in (each.name for each in fields(Policy) if each.name != "version"):
        default = getattr(base, name)
        if isinstance(default, bool):
            values[name] = section.flag(name, default=default)
        elif isinstance(default, int):
            values[name] = section.whole(name, default)
        elif isinstance(default, Decimal):
            values[name] = section.number(name, default)
        else:
            values[name] = section.choice(name, default)
    section.finish()
    return Policy(**values)
