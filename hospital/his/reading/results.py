"""What was measured and reported; what the pharmacy holds."""

from collections.abc import Iterator
from decimal import Decimal
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
from hospital.his.reading.words import LONGEST, flag_of, words_of
from hospital.kernel import normalise

STOCK: Final = "urn:his:stock-on-hand"
_MOMENTS: Final = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
_IMAGING: Final = {"RAD", "IMG", "CT", "NMR", "US"}


def observation(resource: Resource) -> Iterator[Reading]:
    """The values it tells, its own and those of its components; pictures are none."""
    at = when(resource, *_MOMENTS)
    for part in [*(resource.get("component") or []), resource]:
        told = _told(part)
        if told is None:
            continue
        inside = "" if part is resource else f"{PART}{told['code']}"
        fhir_id = f"{resource['id']}{inside}"
        yield reading_of(resource, {"at": at, **told}, fhir_id=fhir_id)


def _told(part: Resource) -> dict[str, Any] | None:
    value, said = _plain_number(part), words_of(part)
    if value is None and not said:
        return None
    coding, quantity = part["code"]["coding"][0], part.get("valueQuantity", {})
    bounds = _reference(part)
    fields = {
        "code": text(coding["code"], 32),
        "name": named(coding)[:64],
        "value": value,
        "text": said or None,
        "unit": text(quantity.get("unit") or quantity.get("code", ""), 24),
        "low": _bound(bounds, "low"),
        "high": _bound(bounds, "high"),
    }
    expected = "" if bounds.keys() & {"low", "high"} else text(bounds.get("text", ""), LONGEST)
    flag = flag_of(part, said, expected, fields)
    return {**fields, "expected": expected or None, "flag": flag}


def _plain_number(part: Resource) -> Decimal | None:
    """`<5` is no 5: a comparator changes what the number means."""
    if "valueInteger" in part:
        return number(part["valueInteger"])
    quantity = part.get("valueQuantity")
    if quantity is None or "comparator" in quantity:
        return None
    return number(quantity["value"])


def _bound(bounds: Resource, side: str) -> Decimal | None:
    return number(bounds[side]["value"]) if side in bounds else None


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
