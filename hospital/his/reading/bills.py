"""What is to be paid: a bill, and the items it is made of."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from hospital.his.reading.basics import Malformed, Reading, Resource, reading_of, target, text
from hospital.his.reading.moments import when

MOST_FEN: Final = 10**9  # ten million yuan: more is a slip of the keyboard
_STATES: Final = {"issued": "issued", "balanced": "balanced"}


def invoice(resource: Resource) -> Iterator[Reading]:
    """A bill. Whatever is neither issued nor balanced is to be paid by nobody."""
    lines = resource.get("lineItem") or []
    references = [each["chargeItemReference"] for each in lines if "chargeItemReference" in each]
    items = tuple(target(each, "ChargeItem") for each in references)
    fields = {
        "at": when(resource, "date"),
        "state": _STATES[resource["status"]],
        "total_fen": fen(resource.get("totalGross") or resource["totalNet"]),
        "items": list(items),
        "lines": [_line(each) for each in lines if "chargeItemCodeableConcept" in each] or None,
    }
    yield reading_of(resource, fields, parts=items)


def charge_item(resource: Resource) -> Iterator[Reading]:
    price = resource.get("priceOverride")
    by = resource.get("requestingOrganization") or resource.get("performingOrganization") or {}
    occurred = [n for n in ("occurrenceDateTime", "occurrencePeriod") if n in resource]
    fields = {
        "at": when(resource, *occurred) if occurred else None,
        "what": _called(resource["code"]),
        "department": text(by.get("display", ""), 64),
        "amount_fen": fen(price) if price else None,
    }
    yield reading_of(resource, fields)


def fen(money: Resource) -> int:
    """A sum in fen. Another currency, a fraction of a fen, or less than nothing is malformed."""
    value = money["value"]
    if type(value) not in (int, Decimal) or money.get("currency") != "CNY":
        raise Malformed("no sum in CNY")
    found = Decimal(value) * 100
    if not 0 <= found <= MOST_FEN or found != int(found):
        raise Malformed("a sum that cannot be paid")
    return int(found)


def _line(line: Resource) -> dict[str, Any]:
    base = [p for p in line.get("priceComponent", []) if p.get("type") == "base"]
    amount = base[0].get("amount") if base else None
    return {
        "what": _called(line["chargeItemCodeableConcept"]),
        "amount_fen": fen(amount) if amount else None,
    }


def _called(concept: Resource) -> str:
    codings = concept.get("coding") or [{}]
    said = concept.get("text") or codings[0].get("display") or codings[0].get("code")
    return text(said, 128)
