"""A visit, what was diagnosed in it, what was given."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from hospital.his.reading.basics import (
    Malformed,
    Reading,
    Resource,
    named,
    reading_of,
    target,
    text,
)
from hospital.his.reading.containing import contained
from hospital.his.reading.moments import when
from hospital.kernel import normalise
from hospital.kernel.calendar import local_date

ICD10: Final = "http://hl7.org/fhir/sid/icd-10"
ATC: Final = "http://www.whocc.no/atc"
_KINDS: Final = {"AMB": "outpatient", "IMP": "inpatient", "EMER": "emergency"}
_DAYS: Final = {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "weeks": 7, "mo": 30}
_MOST_DAYS: Final = 3660
_MOST_WORDS: Final = 4000  # of a summary


def encounter(resource: Resource) -> Iterator[Reading]:
    reasons = [each["text"] for each in resource.get("reasonCode", []) if each.get("text")]
    fields = {
        "at": when(resource, "period"),
        "kind": _KINDS.get(resource["class"].get("code", ""), "outpatient"),
        "department": text(_department(resource), 64),
        "doctor": text(_doctor(resource), 64),
        "summary": text("；".join(reasons), _MOST_WORDS),
    }
    references = [each["condition"] for each in resource.get("diagnosis", [])]
    conditions = tuple(target(each, "Condition") for each in references if _is_condition(each))
    yield reading_of(resource, fields, parts=conditions)


def _department(resource: Resource) -> str:
    service = resource.get("serviceType") or {}
    codings = service.get("coding") or [{}]
    by = resource.get("serviceProvider") or {}
    return str(service.get("text") or codings[0].get("display") or by.get("display") or "")


def _doctor(resource: Resource) -> str:
    people = [each.get("individual") or {} for each in resource.get("participant", [])]
    return next((str(each["display"]) for each in people if each.get("display")), "")


def _is_condition(reference: Resource) -> bool:
    """An encounter may also name a procedure as what it was for."""
    return "Condition/" in str(reference.get("reference", ""))


def condition(resource: Resource) -> Iterator[Reading]:
    codings = {each.get("system"): each for each in resource["code"].get("coding", [])}
    if ICD10 not in codings:
        raise Malformed("a diagnosis without its ICD-10 code")
    coding = codings[ICD10]
    fields = {
        "code": normalise.diagnosis(coding["code"]),
        "name": named(coding),
        "at": when(resource, "recordedDate", "onsetDateTime", "onsetPeriod"),
    }
    encounter = resource.get("encounter")
    yield reading_of(resource, fields, visit=target(encounter, "Encounter") if encounter else "")


def medicine(resource: Resource) -> Iterator[Reading]:
    concept, at = _medication(resource), when(resource, "authoredOn")
    codings = concept.get("coding") or []
    called = (codings[0].get("display") if codings else "") or concept.get("text")
    if not called:
        raise Malformed("a medicine without its name")
    dosages = resource.get("dosageInstruction") or [{}]
    fields = {
        "at": at,
        "name": text(called, 128),
        "atc": next((text(c["code"], 8) for c in codings if c.get("system") == ATC), ""),
        "dosage": text(dosages[0].get("text", ""), 128),
        "until": _until(resource, at),
    }
    yield reading_of(resource, fields)


def _medication(resource: Resource) -> Resource:
    """What is given: told here, in a medication within this resource, or only by its name."""
    told: Any = resource.get("medicationCodeableConcept")
    if told:
        return dict(told)
    reference = resource.get("medicationReference") or {}
    inside = contained(resource, reference)
    if inside is not None:
        return dict(inside["code"])
    return {"text": reference.get("display", "")}


def _until(resource: Resource, at: datetime) -> date | None:
    """The last day of the supply, where its length is told in days, weeks or months."""
    supply = resource.get("dispenseRequest", {}).get("expectedSupplyDuration") or {}
    unit = _DAYS.get(str(supply.get("code") or supply.get("unit") or "d"))
    value = supply.get("value") or 0
    if unit is None or not 0 < value <= _MOST_DAYS:
        return None
    return local_date(at) + timedelta(days=int(value) * unit)
