"""Bills of the hospital for tests, and a cashier in memory who answers for them."""

from datetime import datetime
from typing import Any

from hospital.his import mirror
from hospital.his.models import Bill, Person


class Cashier:
    """Answers `gateways.read` for the invoices it raised; knows nothing else."""

    def __init__(self) -> None:
        self.invoices: dict[str, dict[str, Any]] = {}

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
            "totalGross": {"value": fen // 100, "currency": "CNY"},
        }
        mirror.take("Invoice", [self.invoices[number]], at=at)
        return Bill.objects.get(fhir_id=number)

    def read(self, kind: str, fhir_id: str) -> dict[str, Any] | None:
        return self.invoices.get(fhir_id) if kind == "Invoice" else None
