"""The mirror: persons and their past, what they owe, how far it has come, what was set aside."""

from hospital.his.models.bills import Bill, BillState, Fee
from hospital.his.models.progress import Cursor, Quarantined
from hospital.his.models.records import (
    Allergy,
    Diagnosis,
    Document,
    Medicine,
    Mirrored,
    Observation,
    Person,
    Report,
    Stock,
    Visit,
)

__all__ = [
    "Allergy",
    "Bill",
    "BillState",
    "Cursor",
    "Diagnosis",
    "Document",
    "Fee",
    "Medicine",
    "Mirrored",
    "Observation",
    "Person",
    "Quarantined",
    "Report",
    "Stock",
    "Visit",
]
