"""What each kind of message must carry, which codes it may use, and what must have come before."""

from collections.abc import Iterator
from typing import Any, NamedTuple


class Schema(NamedTuple):
    """`needs` names the schema that must have arrived first, joined over the field `by`."""

    required: tuple[str, ...]
    codes: dict[str, tuple[str, ...]] = {}
    needs: str = ""
    by: str = ""


LENIENT = Schema(required=())

SCHEMAS = {
    "VISIT": Schema(
        (
            "visit_no",
            "first_visit_org",
            "first_visit_date",
            "original_dx",
            "evidence_types",
            "doctor_verify.method",
            "doctor_verify.time",
            "doctor_verify.result",
            "start",
            "end",
            "mode",
            "outcome",
        ),
        {
            "mode": ("text", "voice", "video"),
            "outcome": ("completed", "terminated", "refunded"),
        },
    ),
    "RX_ISSUE": Schema(
        (
            "rx_no",
            "visit_no",
            "rx_type",
            "category",
            "dx",
            "items",
            "long_term",
            "valid_until",
            "total_fee",
            "rule_check.engine_ver",
            "rule_check.hits",
            "sign",
        ),
        {"category": ("western", "patent", "herbal")},
    ),
    "RX_REVIEW": Schema(
        ("rx_no", "result", "reasons", "pharmacist", "time", "sign"),
        {"result": ("pass", "return", "reject")},
        needs="RX_ISSUE",
        by="rx_no",
    ),
    "DISPENSE": Schema(
        ("rx_no", "pharmacy", "dispenser", "checker", "time"),
        {"pharmacy": ("hospital", "third")},
        needs="RX_REVIEW",
        by="rx_no",
    ),
    "DELIVERY": Schema(
        ("rx_no", "mode"),
        {"mode": ("pickup", "courier", "third_pharmacy")},
        needs="DISPENSE",
        by="rx_no",
    ),
    "EVAL": Schema(("eval_no", "visit_no", "satisfaction", "score"), needs="VISIT", by="visit_no"),
    "AUDIT_ANCHOR": Schema(("size", "root", "algorithm", "time", "key", "sign")),  # proposed by us
    **dict.fromkeys(
        (
            "ORG",
            "DEPT",
            "STAFF",
            "PRICE",
            "DRUG",
            "ORDER",
            "EMR",
            "PAYMENT",
            "COMPLAINT",
            "ADE",
            "RECON",
        ),
        LENIENT,
    ),
}

ITEM_REQUIRED = ("drug_code", "name", "strength", "form", "route", "qty", "qty_unit")
MAX_ITEMS = 5


def missing(schema: str, payload: dict[str, Any]) -> Iterator[str]:
    """The required fields that are absent or null; an empty list or an empty text is present."""
    for path in SCHEMAS[schema].required:
        if _value(payload, path) is None:
            yield path
    if schema == "RX_ISSUE":
        items = payload.get("items")
        for number, item in enumerate(items if isinstance(items, list) else []):
            for field in ITEM_REQUIRED:
                if not isinstance(item, dict) or item.get(field) is None:
                    yield f"items[{number}].{field}"


def wrong_codes(schema: str, payload: dict[str, Any]) -> Iterator[str]:
    for field, allowed in SCHEMAS[schema].codes.items():
        if _value(payload, field) not in allowed:
            yield field
    if schema == "EVAL" and payload.get("satisfaction") not in range(1, 6):
        yield "satisfaction"
    if schema == "RX_ISSUE" and not 1 <= len(payload.get("items") or ()) <= MAX_ITEMS:
        yield "items"


def _value(payload: dict[str, Any], path: str) -> Any:
    found: Any = payload
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
