"""The small parts that every resource is made of, each read strictly."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from hospital.kernel import normalise

Resource = dict[str, Any]
MOST: Final = Decimal(10**8)  # of a measured value
PART: Final = "."  # between the id of an observation and the code of its component
YEARS: Final = range(1900, 9999)  # beyond them a moment in UTC may be one that nobody can read back
_ID: Final = re.compile(r"[A-Za-z0-9.\-]{1,64}")


class Malformed(Exception):
    """A resource that says something impossible, or nothing. `why` is for IT, in English."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Reading:
    fhir_id: str
    version: str
    updated_at: datetime
    subject: str = ""  # fhir id of the patient
    is_gone: bool = False  # withdrawn there: it must not stand here either
    fields: dict[str, Any] = field(default_factory=dict)
    visit: str = ""  # fhir id of the encounter it belongs to
    parts: tuple[str, ...] = ()  # fhir ids of what belongs to it
    documents: tuple[str, ...] = ()  # of a person, keyed by kind


def reading_of(
    resource: Resource, fields: dict[str, Any], *, fhir_id: str = "", **more: Any
) -> Reading:
    meta = resource["meta"]
    return Reading(
        fhir_id=text(fhir_id, 64) if fhir_id else identifier(resource["id"]),
        version=text(str(meta.get("versionId", "")), 32),
        updated_at=moment(meta["lastUpdated"]),
        subject=subject_of(resource),
        fields=fields,
        **more,
    )


def subject_of(resource: Resource) -> str:
    """The fhir id of the patient whom a resource is about; empty for stock."""
    match resource.get("resourceType"):
        case "Patient":
            return identifier(resource["id"])
        case "Medication":
            return ""
    return target(resource.get("subject") or resource["patient"], "Patient")


def target(reference: Resource, kind: str) -> str:
    told = str(reference["reference"]).partition("/_history/")[0]
    found, _slash, fhir_id = told.rpartition("/")
    if found.rpartition("/")[2] != kind:
        raise Malformed(f"a reference to something else where a {kind} belongs")
    return identifier(fhir_id)


def identifier(told: Any) -> str:
    """An id as FHIR allows it; anything else might not even be looked for in a database."""
    if not isinstance(told, str) or not _ID.fullmatch(told):
        raise Malformed("an id that cannot be one")
    return told


def status(resource: Resource, name: str) -> str:
    codings = resource.get(name, {}).get("coding") or [{}]
    return str(codings[0].get("code", ""))


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise Malformed("a time without its zone")
    return possible(at)


def possible(at: datetime) -> datetime:
    """A moment that a database keeps and gives back: of our era, its zone no stranger than UTC."""
    if at.year not in YEARS:
        raise Malformed("a year that cannot be")
    return at.astimezone(UTC)


def number(value: Any) -> Decimal:
    measured = Decimal(value) if type(value) in (int, Decimal) else None
    if measured is None or abs(measured) >= MOST:
        raise Malformed("no measured number")
    return measured.quantize(Decimal("0.0001"))


def named(coding: Resource) -> str:
    """What a code itself is called. What somebody typed beside it is no code and is left there."""
    return text(coding.get("display") or coding["code"], 128)


def text(text: Any, limit: int) -> str:
    if not isinstance(text, str):
        raise Malformed(f"{type(text).__name__} where text belongs")
    return normalise.prose(text, limit=limit)
