"""A visit, what was diagnosed in it, what was given."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from hospital.his.reading.basics import Reading, Resource, moment, named, reading_of, target, text
from hospital.kernel.calendar import local_date

ICD10: Final = "http://hl7.org/fhir/sid/icd-10"
ATC: Final = "http://www.whocc.no/atc"
_KINDS: Final = {"AMB": "outpatient", "IMP": "inpatient", "EMER": "emergency"}


def encounter(resource: Resource) -> Iterator[Reading]:
    service = resource["serviceType"]
    participants = resource.get("participant") or [{}]
    fields = {
        "at": moment(resource["period"]["start"]),
        "kind": _KINDS.get(resource["class"]["code"], "outpatient"),
        "department": text(service.get("text") or service["coding"][0]["display"], 64),
        "doctor": text(participants[0].get("individual", {}).get("display", ""), 64),
        "summary": "；".join(r["text"] for r in resource.get("reasonCode", []) if r.get("text")),
    }
    conditions = tuple(
        target(each["condition"], "Condition") for each in resource.get("diagnosis", [])
    )
    yield reading_of(resource, fields, parts=conditions)


def condition(resource: Resource) -> Iterator[Reading]:
    codings = {each.get("system"): each for each in resource["code"]["coding"]}
    coding = codings[ICD10]
    fields = {
        "code": text(coding["code"], 16),
        "name": named(coding),
        "at": moment(resource["recordedDate"]),
    }
    encounter = resource.get("encounter")
    yield reading_of(resource, fields, visit=target(encounter, "Encounter") if encounter else "")


def medicine(resource: Resource) -> Iterator[Reading]:
    concept, at = resource["medicationCodeableConcept"], moment(resource["authoredOn"])
    codings = concept.get("coding", [])
    supply = resource.get("dispenseRequest", {}).get("expectedSupplyDuration", {}).get("value")
    dosages = resource.get("dosageInstruction") or [{}]
    fields = {
        "at": at,
        "name": text(codings[0]["display"] if codings else concept["text"], 128),
        "atc": next((text(c["code"], 8) for c in codings if c.get("system") == ATC), ""),
        "dosage": text(dosages[0].get("text", ""), 128),
        "until": local_date(at) + timedelta(days=int(supply)) if supply else None,
    }
    yield reading_of(resource, fields)
