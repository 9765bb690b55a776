"""What a FHIR resource says, in the words of the mirror. Pure: one resource in, its facts out.

Whatever cannot be understood for certain is `Malformed`: quarantined, never guessed at.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from hospital.his.reading import allergies, bills, people, results, visits
from hospital.his.reading.basics import (
    PART,
    Malformed,
    Reading,
    Resource,
    moment,
    reading_of,
    status,
    subject_of,
)
from hospital.his.reading.documents import keyed
from hospital.kernel.refusals import Refused

__all__ = ["PART", "Malformed", "Reading", "Resource", "changed_at", "keyed", "read", "subject_of"]

_WITHDRAWN: Final = {"entered-in-error", "cancelled", "refuted"}
_NOT_SURE: Final = {"unconfirmed", "provisional", "differential"}  # no diagnosis to go on from
_OVER: Final = {"inactive", "resolved"}
_VALID_RESULTS: Final = {"final", "amended", "corrected", "appended"}
_READERS: Final[dict[str, Callable[[Resource], Iterator[Reading]]]] = {
    "Patient": people.patient,
    "Encounter": visits.encounter,
    "Condition": visits.condition,
    "AllergyIntolerance": allergies.allergy,
    "Observation": results.observation,
    "DiagnosticReport": results.report,
    "MedicationRequest": visits.medicine,
    "ChargeItem": bills.charge_item,
    "Invoice": bills.invoice,
    "Medication": results.stock,
}


def read(kind: str, resource: Resource) -> list[Reading]:
    """The readings of one resource (an observation with components gives several)."""
    if resource.get("resourceType") != kind:
        raise Malformed(f"a {resource.get('resourceType')} where a {kind} was asked for")
    try:
        _must_be_understood(resource)
        if _is_gone(kind, resource):
            return [reading_of(resource, {}, is_gone=True)]
        return list(_READERS[kind](resource))
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise Malformed(_without_values(error)) from error
    except Refused as refusal:
        raise Malformed(refusal.code) from refusal


def _must_be_understood(resource: Resource) -> None:
    """An extension that changes the meaning of what it stands on, or rules that we do not know:
    FHIR forbids to go on as if they were not there. Any other extension may be passed over."""
    if resource.get("implicitRules"):
        raise Malformed("implicitRules that we do not know")
    waiting: list[Any] = [resource]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if part.get("modifierExtension"):
                raise Malformed("a modifierExtension that we do not know")
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def changed_at(resource: Resource) -> datetime | None:
    """When the resource last changed there, where it says so legibly."""
    try:
        return moment(resource["meta"]["lastUpdated"])
    except (KeyError, TypeError, ValueError, Malformed):
        return None


def _without_values(error: Exception) -> str:
    """What was wrong, without quoting the resource: this stands in plain, the resource sealed."""
    missing = f": {error}" if isinstance(error, KeyError) else ""
    return f"{type(error).__name__}{missing}"[:200]


def _is_gone(kind: str, resource: Resource) -> bool:
    """Whether it was withdrawn, or is not final yet: then it must not stand in the mirror."""
    match kind:
        case "Condition":
            return status(resource, "verificationStatus") in _WITHDRAWN | _NOT_SURE
        case "AllergyIntolerance":
            is_over = status(resource, "clinicalStatus") in _OVER
            is_wrong = status(resource, "verificationStatus") in _WITHDRAWN
            return is_over or is_wrong or allergies.says_none(resource)
        case "Observation" | "DiagnosticReport":
            return resource["status"] not in _VALID_RESULTS
        case "MedicationRequest":
            is_wish = resource.get("intent") in {"proposal", "plan"}
            is_not = resource.get("doNotPerform") is True
            return is_wish or is_not or resource["status"] in _WITHDRAWN | {"stopped", "draft"}
        case "Encounter":
            return resource["status"] in _WITHDRAWN | {"planned"}
        case "ChargeItem":
            return resource["status"] in _WITHDRAWN | {"aborted", "not-billable"}
        case "Invoice":
            return resource["status"] not in {"issued", "balanced"}
    return False
