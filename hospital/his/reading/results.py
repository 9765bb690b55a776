"""What was measured and reported; what the pharmacy holds."""

from collections.abc import Iterator
from typing import Any, Final

from hospital.his.reading.basics import (
    PART,
    Malformed,
    Reading,
    Resource,
    identifier,
    named,
    number,
    reading_of,
    target,
    text,
)
from hospital.his.reading.containing import contained, inner_id
from hospital.his.reading.moments import when
from hospital.kernel import normalise

STOCK: Final = "urn:his:stock-on-hand"
_MOMENTS: Final = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
_IMAGING: Final = {"RAD", "IMG", "CT", "NMR", "US"}


def observation(resource: Resource) -> Iterator[Reading]:
    at = when(resource, *_MOMENTS)
    for part in resource.get("component") or [resource]:
        coding = part["code"]["coding"][0]
        whole = part is resource
        if not _is_number(part):
            continue  # words and pictures are told by the report's conclusion
        fhir_id = resource["id"] if whole else f"{resource['id']}{PART}{coding['code']}"
        yield reading_of(resource, {"at": at, **_measured(part)}, fhir_id=fhir_id)


def _is_number(part: Resource) -> bool:
    """`<5` is no 5: a comparator changes what the number means."""
    return "comparator" not in part.get("valueQuantity", {"comparator": ""})


def _measured(part: Resource) -> dict[str, Any]:
    coding, quantity = part["code"]["coding"][0], part["valueQuantity"]
    bounds = _reference(part)
    return {
        "code": text(coding["code"], 32),
        "name": named(coding)[:64],
        "value": number(quantity["value"]),
        "unit": text(quantity.get("unit", ""), 24),
        "low": number(bounds["low"]["value"]) if "low" in bounds else None,
        "high": number(bounds["high"]["value"]) if "high" in bounds else None,
    }


def _reference(part: Resource) -> Resource:
    """The range of healthy people: not the one for treatment, nor that of another group."""
    ranges = part.get("referenceRange") or [{}]
    codes = [(each.get("type") or {}).get("coding") or [{}] for each in ranges]
    normal = [r for r, (first, *_more) in zip(ranges, codes, strict=True) if _is_normal(first)]
    return dict(normal[0]) if normal else {}


def _is_normal(coding: Resource) -> bool:
    return str(coding.get("code", "normal")) == "normal"


def report(resource: Resource) -> Iterator[Reading]:
    categories = [
        c.get("code") for each in resource.get("category", []) for c in each.get("coding", [])
    ]
    code = resource["code"]
    fields = {
        "at": when(resource, *_MOMENTS),
        "kind": "imaging" if _IMAGING & set(categories) else "laboratory",
        "title": text(code.get("text") or code["coding"][0]["display"], 128),
        "conclusion": normalise.prose(resource.get("conclusion", ""), limit=4000),
    }
    results = tuple(_result(resource, each) for each in resource.get("result", []))
    yield reading_of(resource, fields | {"results": list(results)}, parts=results)


def _result(report: Resource, reference: Resource) -> str:
    inside = contained(report, reference)
    if inside is not None:
        return identifier(inner_id(report["id"], inside["id"]))
    return target(reference, "Observation")


def stock(resource: Resource) -> Iterator[Reading]:
    told = {each["url"]: each for each in resource.get("extension", [])}
    if STOCK not in told:
        return  # a medicine as such, of which the pharmacy holds nothing
    packs = number(told[STOCK]["valueQuantity"]["value"])
    if packs != int(packs):
        raise Malformed(f"{packs} packs")
    yield reading_of(resource, {"drug": text(resource["code"]["text"], 160), "packs": int(packs)})
