"""A bill as it is read: what stands on it, and how far it is paid."""

from dataclasses import dataclass
from typing import Literal

from hospital.his.models import Bill, BillState
from hospital.kernel.money import yuan
from patients.lifecycle import BillPaymentState
from patients.models import BillPayment

Stage = Literal["due", "paying", "telling", "paid"]


@dataclass(frozen=True)
class Line:
    what: str
    amount_fen: int | None
    department: str = ""

    @property
    def sum(self) -> str:
        return "" if self.amount_fen is None else f"¥{yuan(self.amount_fen)}"


def lines(bill: Bill) -> list[Line]:
    """Its items, those of the hospital's list of fees first."""
    items = [Line(f.what, f.amount_fen, f.department) for f in bill.fees.order_by("fhir_id")]
    return items + [Line(each["what"], each["amount_fen"]) for each in bill.lines or ()]


def stage(bill: Bill, living: BillPayment | None) -> Stage:
    """How far it is: what is paid here counts before the hospital's cashiers have said so."""
    match living.state if living else "":
        case BillPaymentState.TOLD:
            return "paid"
        case BillPaymentState.PAID:
            return "telling"
    if bill.state == BillState.BALANCED or not bill.total_fen:
        return "paid"
    return "paying" if living else "due"
