"""What a FHIR resource says, in the words of the mirror. Pure: one resource in, its facts out.

Whatever cannot be understood for certain is `Malformed`: quarantined, never guessed at.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from hospital.his.reading import people, results, visits
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
from hospital.kernel.refusals import Refused

__all__ = ["PART", "Malformed", "Reading", "Resource", "changed_at", "read", "subject_of"]

_WITHDRAWN: Final = {"entered-in-error", "cancelled", "refuted"}
_OVER: Final = {"inactive", "resolved"}
_VALID_RESULTS: Final = {"final", "amended", "corrected", "appended"}
_READERS: Final[dict[str, Callable[[Resource], Iterator[Reading]]]] = {
    "Patient": people.patient,
    "Encounter": visits.encounter,
    "Condition": visits.condition,
    "AllergyIntolerance": people.allergy,
    "Observation": results.observation,
    "DiagnosticReport": results.report,
    "MedicationRequest": visits.medicine,
    "Medication": results.stock,
}


def read(kind: str, resource: Resource) -> list[Reading]:
    """The readings of one resource (an observation with components gives several)."""
    if resource.get("resourceType") != kind:
        raise Malformed(f"a {resource.get('resourceType')} where a {kind} was asked for")
    try:
        if _is_gone(kind, resource):
            return [reading_of(resource, {}, is_gone=True)]
        return list(_READERS[kind](resource))
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise Malformed(_without_values(error)) from error
    except Refused as refusal:
        raise Malformed(refusal.code) from refusal


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
            return status(resource, "verificationStatus") in _WITHDRAWN
        case "AllergyIntolerance":
            is_over = status(resource, "clinicalStatus") in _OVER
            return is_over or status(resource, "verificationStatus") in _WITHDRAWN
        case "Observation" | "DiagnosticReport":
            return resource["status"] not in _VALID_RESULTS
        case "MedicationRequest":
            return resource["status"] in _WITHDRAWN | {"stopped", "draft"}
        case "Encounter":
            return resource["status"] in _WITHDRAWN
    return False
