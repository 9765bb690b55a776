"""Outstanding bills: is it still to be paid, and: it has been paid online.

What the hospital's cashiers say decides. Not atomic.
"""

from datetime import datetime
from enum import StrEnum

from hospital.his import gateways, mirror
from hospital.his.models import Bill
from hospital.his.services.asides import set_aside, subject_of
from hospital.kernel.refusals import Unavailable


class Answer(StrEnum):
    ACCEPTED = "accepted"  # it is paid, by this payment
    REFUSED = "refused"  # it is not to be paid (again): give the money back


def ask_bill(bill: Bill, *, at: datetime) -> Bill:
    """The bill as it stands at the cashier's now. Raises `Unavailable` where nobody answers soon:
    somebody waits for it."""
    with gateways.patience():
        found = gateways.read("Invoice", bill.fhir_id)
    if found is None:
        found = {}
        Bill.objects.filter(pk=bill.pk).update(state="cancelled")
    elif found.get("id") != bill.fhir_id or subject_of(found) != bill.person.fhir_id:
        set_aside("Invoice", [found], mirror.ANOTHER, at=at)
        raise gateways.strange()
    elif mirror.take("Invoice", [found], at=at).quarantined:
        raise gateways.strange()
    return Bill.objects.select_related("person").get(pk=bill.pk)


def tell_paid(bill: Bill, *, payment_no: str, amount_fen: int, paid_at: datetime) -> Answer:
    """Tell the cashiers that a bill was paid; the same payment told again is the same answer.

    Raises `Unavailable` where it is not known whether they heard: ask again.
    """
    notice = gateways.payment_notice(
        bill.fhir_id, payment_no=payment_no, amount_fen=amount_fen, paid_at=paid_at
    )
    return Answer.ACCEPTED if gateways.notify_paid(notice, payment_no) else Answer.REFUSED


__all__ = ["Answer", "Unavailable", "ask_bill", "tell_paid"]
