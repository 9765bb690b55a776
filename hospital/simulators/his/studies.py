"""Reports beside the quarterly panels: of an earlier laboratory with units and ranges of its own,
with results in words, and of imaging."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from hospital.simulators import clock
from hospital.simulators.his.coding import coding, reference
from hospital.simulators.his.systems import LOINC, TERMINOLOGY
from hospital.simulators.shelf import Item

Told = Mapping[str, Any]  # days_ago, kind, title, conclusion, items: each a value or a text
_KINDS = {"laboratory": "CH", "urine": "UR", "imaging": "RAD"}


def written(report_id: str, patient_id: str, at: datetime, told: Told) -> Iterator[Item]:
    common = {
        "status": "final",
        "subject": reference("Patient", patient_id),
        "effectiveDateTime": clock.written(at),
        "issued": clock.written(at),
    }
    names = [f"{report_id}-{number}" for number in range(1, len(told["items"]) + 1)]
    for name, each in zip(names, told["items"], strict=True):
        code = {"coding": [coding(LOINC, each["code"], each["name"])], "text": each["name"]}
        measured = {"id": name, "code": code, **_measured(each)}
        yield {"resourceType": "Observation", **common, **measured}
    kind = _KINDS[told["kind"]]
    yield {
        "resourceType": "DiagnosticReport",
        "id": report_id,
        "category": [{"coding": [coding(f"{TERMINOLOGY}/v2-0074", kind, told["title"])]}],
        "code": {"text": told["title"]},
        "result": [reference("Observation", name) for name in names],
        "conclusion": told["conclusion"],
        **common,
    }


def _measured(told: Mapping[str, Any]) -> Item:
    if "text" in told:
        expected = [{"text": told["expected"]}] if "expected" in told else []
        return {"valueCodeableConcept": {"text": told["text"]}, "referenceRange": expected}
    bounds = {side: told[side] for side in ("low", "high") if side in told}
    ranges = {side: {"value": bound, "unit": told["unit"]} for side, bound in bounds.items()}
    quantity = {"value": told["value"], "unit": told["unit"]}
    return {"valueQuantity": quantity, "referenceRange": [ranges]}
