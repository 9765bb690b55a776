"""The prescriptions for programs: the same services as behind the pages."""

from prescriptions.api.getting import (
    Dispense,
    OrderMedicines,
    ReceiveMedicines,
    ShipMedicines,
)
from prescriptions.api.reviewing import (
    ApprovePrescription,
    ListReviews,
    RejectPrescription,
    ReturnPrescription,
)
from prescriptions.api.writing import (
    Prescriptions,
    RevisePrescription,
    SearchFormulary,
    SignPrescription,
    SinglePrescription,
    VoidPrescription,
)

__all__ = [
    "ApprovePrescription",
    "Dispense",
    "ListReviews",
    "OrderMedicines",
    "Prescriptions",
    "ReceiveMedicines",
    "RejectPrescription",
    "ReturnPrescription",
    "RevisePrescription",
    "SearchFormulary",
    "ShipMedicines",
    "SignPrescription",
    "SinglePrescription",
    "VoidPrescription",
]
