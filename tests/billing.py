"""Bills of the hospital for tests, and a cashier in memory who answers for them."""

import threading
from datetime import datetime
from decimal import Decimal
from typing import Any

from hospital.his import mirror
from hospital.his.models import Bill, Person


class Cashier:
    """Answers `gateways.read` and `notify_paid` for the invoices it raised; knows nothing else."""

    def __init__(self) -> None:
        self.invoices: dict[str, dict[str, Any]] = {}
        self.notices: dict[str, str] = {}  # number of a payment: the invoice it paid
        self.told = 0  # how often somebody came with a notice
        self.paid_at_window = False
        self._desk = threading.Lock()

    def raises(self, person: Person, *, fen: int = 7850, at: datetime) -> Bill:
        number = f"bill-{person.fhir_id}-{len(self.invoices)}"[:64]
        self.invoices[number] = {
            "resourceType": "Invoice",
            "id": number,
            "meta": {"versionId": "1", "lastUpdated": at.isoformat()},
            "status": "issued",
            "subject": {"reference": f"Patient/{person.fhir_id}"},
            "date": at.isoformat(),
            "lineItem": [{"chargeItemCodeableConcept": {"text": "肾功能五项"}}],
            "totalGross": {"value": Decimal(fen) / 100, "currency": "CNY"},
        }
        mirror.take("Invoice", [self.invoices[number]], at=at)
        return Bill.objects.get(fhir_id=number)

    def window_pays(self, bill: Bill, *, at: datetime) -> bool:
        """Whether the window took the money."""
        with self._desk:
            invoice = self.invoices[bill.fhir_id]
            if invoice["status"] != "issued":
                return False
            meta = {"versionId": "2", "lastUpdated": at.isoformat()}
            self.invoices[bill.fhir_id] = invoice | {"status": "balanced", "meta": meta}
            self.paid_at_window = True
            return True

    def notify_paid(self, notice: dict[str, Any], payment_no: str) -> bool:
        with self._desk:
            self.told += 1
            if payment_no in self.notices:
                return True
            number = notice["request"]["reference"].removeprefix("Invoice/")
            invoice = self.invoices[number]
            if invoice["status"] != "issued" or invoice["totalGross"] != notice["amount"]:
                return False
            self.notices[payment_no] = number
            self.invoices[number] = invoice | {"status": "balanced"}
            return True

    def read(self, kind: str, fhir_id: str) -> dict[str, Any] | None:
        return self.invoices.get(fhir_id) if kind == "Invoice" else None
