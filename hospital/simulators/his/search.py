"""FHIR search: which parameters this server knows, and what each of them means."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from hospital.simulators import clock
from hospital.simulators.his.archive import patient_of
from hospital.simulators.shelf import Item
from hospital.simulators.wishes import BadRequest

PAGING = ("_count", "_sort", "_offset", "_format", "_total")
DATES = ("effectiveDateTime", "recordedDate", "authoredOn", "occurrenceDateTime", "whenHandedOver")


def matching(items: Iterable[Item], parameters: Sequence[tuple[str, str]]) -> list[Item]:
    """The items that meet every parameter; one that is unknown is refused, not ignored."""
    tests: list[Callable[[Item], bool]] = []
    for name, value in parameters:
        if name in PAGING:
            continue
        if name not in TESTS:
            raise BadRequest(f"search parameter {name} is not supported")
        tests.append(_test(name, value))
    return [item for item in items if all(test(item) for test in tests)]


def in_order(items: list[Item], sort: str) -> list[Item]:
    """Sorted by one known key; equal keys stand in id order, so that pages never overlap."""
    key = sort.removeprefix("-") or "_lastUpdated"
    keys: dict[str, Callable[[Item], str]] = {
        "_lastUpdated": lambda item: str(item["meta"]["lastUpdated"]),
        "date": lambda item: str(date_of(item)),
        "_id": lambda item: str(item["id"]),
    }
    if key not in keys:
        raise BadRequest(f"_sort={key} is not supported")
    items.sort(key=lambda item: str(item["id"]))
    items.sort(key=keys[key], reverse=sort.startswith("-"))
    return items


def date_of(item: Item) -> str:
    told = next((item[field] for field in DATES if field in item), "")
    if item["resourceType"] == "Invoice":
        told = item.get("date", "")
    return str(told or item.get("period", {}).get("start", ""))


def _test(name: str, value: str) -> Callable[[Item], bool]:
    test = TESTS[name]
    alternatives = [value] if name in ("_lastUpdated", "date") else value.split(",")
    return lambda item: any(test(item, each) for each in alternatives)


def _moment(item_at: str, wanted: str) -> bool:
    prefix, at = (wanted[:2], wanted[2:]) if wanted[:2].isalpha() else ("eq", wanted)
    try:
        # A "+" that was not escaped arrives as a space.
        start = datetime.fromisoformat(at.replace(" ", "+"))
    except ValueError as error:
        raise BadRequest(f"{wanted} is not a date") from error
    end = start + (timedelta(days=1) if len(at) == 10 else timedelta(milliseconds=1))
    if not item_at:
        return False
    told = datetime.fromisoformat(item_at)
    start, end = (
        each if each.tzinfo else each.replace(tzinfo=clock.BEIJING) for each in (start, end)
    )
    meanings = {
        "eq": start <= told < end,
        "gt": told >= end,
        "ge": told >= start,
        "lt": told < start,
        "le": told < end,
    }
    if prefix not in meanings:
        raise BadRequest(f"prefix {prefix} is not supported")
    return meanings[prefix]


def _token(candidates: Iterable[Any], wanted: str) -> bool:
    """`system|value`, `|value` or a bare value, against identifiers or codings."""
    system, bar, value = wanted.rpartition("|")
    return any(
        value == (each.get("value") or each.get("code"))
        and (not bar or system in ("", each.get("system")))
        for each in candidates
    )


def _codings(*concepts: Any) -> Iterator[Any]:
    for concept in concepts:
        for each in concept if isinstance(concept, list) else [concept or {}]:
            yield from each.get("coding", [])


def _reference(told: Any, kind: str, wanted: str) -> bool:
    return bool(told) and told.get("reference") == f"{kind}/{wanted.removeprefix(f'{kind}/')}"


def _patient(item: Item, wanted: str) -> bool:
    return patient_of(item) == wanted.removeprefix("Patient/")


TESTS: dict[str, Callable[[Item, str], bool]] = {
    "_id": lambda item, wanted: item["id"] == wanted,
    "_lastUpdated": lambda item, wanted: _moment(item["meta"]["lastUpdated"], wanted),
    "identifier": lambda item, wanted: _token(item.get("identifier", []), wanted),
    "patient": _patient,
    "subject": _patient,
    "encounter": lambda item, wanted: _reference(
        item.get("encounter") or item.get("context"), "Encounter", wanted
    ),
    "date": lambda item, wanted: _moment(date_of(item), wanted),
    "code": lambda item, wanted: _token(
        _codings(item.get("code"), item.get("medicationCodeableConcept")), wanted
    ),
    "category": lambda item, wanted: _token(_codings(item.get("category")), wanted),
    "service-type": lambda item, wanted: _token(_codings(item.get("serviceType")), wanted),
    "clinical-status": lambda item, wanted: _token(_codings(item.get("clinicalStatus")), wanted),
    "status": lambda item, wanted: item.get("status") == wanted,
    "gender": lambda item, wanted: item.get("gender") == wanted,
    "birthdate": lambda item, wanted: item.get("birthDate") == wanted,
    "name": lambda item, wanted: wanted in item.get("name", [{}])[0].get("text", ""),
    "phone": lambda item, wanted: any(t["value"] == wanted for t in item.get("telecom", [])),
}
