"""What patients are asked for: charge items, and the invoice that sums them up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from hospital.simulators import clock
from hospital.simulators.his import systems
from hospital.simulators.his.coding import coding, reference
from hospital.simulators.his.visits import Visit
from hospital.simulators.shelf import Item
from hospital.simulators.wishes import BadRequest

CONSULTATION = {"what": "医事服务费", "yuan": 50}
ISSUED, BALANCED = "issued", "balanced"


def of_visit(visit: Visit) -> list[Item]:
    """The consultation, paid on the spot."""
    told = Bill(visit.id, visit.patient_id, visit.department.name, visit.at)
    return told.written([CONSULTATION], BALANCED, encounter=visit.id)


class Bill:
    """One invoice in the making; its id begins with that of what it is for."""

    def __init__(self, of: str, patient_id: str, department: str, at: datetime) -> None:
        self._of, self._patient_id = of, patient_id
        self._department, self._at = department, clock.written(at)

    def written(
        self, lines: Sequence[Mapping[str, Any]], status: str, *, encounter: str = ""
    ) -> list[Item]:
        """Its charge items and the invoice itself. `lines` are `{"what", "yuan"}`."""
        items = [self._item(n, line, encounter) for n, line in enumerate(lines, 1)]
        total = sum((sum_of(line) for line in lines), Decimal())
        return [*items, self._invoice(items, total, status)]

    def _item(self, number: int, line: Mapping[str, Any], encounter: str) -> Item:
        fee = coding(systems.FEE, str(line.get("code", "YSFW")), str(line["what"]))
        item: Item = {
            "resourceType": "ChargeItem",
            "id": f"{self._of}-f{number}",
            "status": "billed",
            "code": {"coding": [fee], "text": line["what"]},
            "subject": reference("Patient", self._patient_id),
            "occurrenceDateTime": self._at,
            "requestingOrganization": {"display": self._department},
            "priceOverride": money(sum_of(line)),
        }
        return item | ({"context": reference("Encounter", encounter)} if encounter else {})

    def _invoice(self, items: Sequence[Item], total: Decimal, status: str) -> Item:
        return {
            "resourceType": "Invoice",
            "id": f"{self._of}-i1",
            "status": status,
            "subject": reference("Patient", self._patient_id),
            "date": self._at,
            "lineItem": [
                {"sequence": n, "chargeItemReference": reference("ChargeItem", item["id"])}
                for n, item in enumerate(items, 1)
            ],
            "totalGross": money(total),
        }


def sum_of(line: Mapping[str, Any]) -> Decimal:
    yuan = Decimal(str(line.get("yuan", "")))
    if not 0 <= yuan < 10**6 or yuan != yuan.quantize(Decimal("0.01")):
        raise BadRequest("yuan: a sum with at most two decimals")
    return yuan


def money(yuan: Decimal) -> Item:
    return {"value": float(yuan), "currency": "CNY"}
