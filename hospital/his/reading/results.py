"""What was measured and reported; what the pharmacy holds."""

from collections.abc import Iterator
from typing import Any, Final

from hospital.his.reading.basics import (
    PART,
    Malformed,
    Reading,
    Resource,
    moment,
    named,
    number,
    reading_of,
    target,
    text,
)
from hospital.kernel import normalise

STOCK: Final = "urn:his:stock-on-hand"
_IMAGING: Final = {"RAD", "IMG", "CT", "NMR", "US"}


def observation(resource: Resource) -> Iterator[Reading]:
    at = moment(resource["effectiveDateTime"])
    for part in resource.get("component") or [resource]:
        coding = part["code"]["coding"][0]
        whole = part is resource
        if whole and "valueQuantity" not in part:
            return  # words and pictures are told by the report's conclusion
        fhir_id = resource["id"] if whole else f"{resource['id']}{PART}{coding['code']}"
        yield reading_of(resource, {"at": at, **_measured(part)}, fhir_id=fhir_id)


def _measured(part: Resource) -> dict[str, Any]:
    coding, quantity = part["code"]["coding"][0], part["valueQuantity"]
    bounds = (part.get("referenceRange") or [{}])[0]
    return {
        "code": text(coding["code"], 32),
        "name": named(coding)[:64],
        "value": number(quantity["value"]),
        "unit": text(quantity.get("unit", ""), 24),
        "low": number(bounds["low"]["value"]) if "low" in bounds else None,
        "high": number(bounds["high"]["value"]) if "high" in bounds else None,
    }


def report(resource: Resource) -> Iterator[Reading]:
    categories = [
        c.get("code") for each in resource.get("category", []) for c in each.get("coding", [])
    ]
    code = resource["code"]
    fields = {
        "at": moment(resource["effectiveDateTime"]),
        "kind": "imaging" if _IMAGING & set(categories) else "laboratory",
        "title": text(code.get("text") or code["coding"][0]["display"], 128),
        "conclusion": normalise.prose(resource.get("conclusion", ""), limit=4000),
    }
    results = tuple(target(each, "Observation") for each in resource.get("result", []))
    yield reading_of(resource, fields | {"results": list(results)}, parts=results)


def stock(resource: Resource) -> Iterator[Reading]:
    told = {each["url"]: each for each in resource.get("extension", [])}
    packs = number(told[STOCK]["valueQuantity"]["value"])
    if packs != int(packs):
        raise Malformed(f"{packs} packs")
    yield reading_of(resource, {"drug": text(resource["code"]["text"], 160), "packs": int(packs)})
