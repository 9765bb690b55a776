"""What the hospital asks oneself and family for, and how far it is paid here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from hospital.his import selectors as his
from hospital.his.models import Bill, Person
from hospital.payments.models import Charge
from patients.lifecycle import BillPaymentState
from patients.models import BillPayment, Patient
from patients.models.bills import LIVING
from patients.selectors.people import linked_to

MANY = 50  # in one sweep


def bills_visible_to(user: Any) -> QuerySet[Bill]:
    """The bills of oneself and family, each with what is being paid for it here."""
    people = linked_to(user).exclude(person=None).order_by().values("person")
    living = BillPayment.objects.filter(state__in=LIVING).select_related("charge")
    shown = his.bills_of(Person.objects.filter(pk__in=people))
    return shown.prefetch_related(Prefetch("payments", living, to_attr="living"))


def to_pay(bills: QuerySet[Bill]) -> QuerySet[Bill]:
    """Those that nobody has paid, there or here."""
    paid = BillPayment.objects.filter(
        bill=OuterRef("pk"), state__in=[BillPaymentState.PAID, BillPaymentState.TOLD]
    )
    return bills.filter(his.payable()).exclude(Exists(paid))


def patient_of_bill(user: Any, bill: Bill) -> Patient:
    """Whose bill it is, among those `user` acts for."""
    return linked_to(user).get(person=bill.person_id)


def living_payment(bill: Bill) -> BillPayment | None:
    """What lives for this bill now, under lock."""
    rows = BillPayment.objects.select_for_update(of=("self",)).select_related("charge")
    return rows.filter(bill=bill, state__in=LIVING).first()


def payment_of(charge: Charge) -> BillPayment | None:
    return BillPayment.objects.select_related("bill", "charge").filter(charge=charge).first()


def locked_payment(payment: BillPayment) -> BillPayment:
    """With its bill before it: whoever asks for both asks in this order."""
    bill = his.locked_bill(payment.bill)
    rows = BillPayment.objects.select_for_update(of=("self",)).select_related("charge__payer")
    found = rows.get(pk=payment.pk)
    found.bill = bill
    return found


def lock_bill(public_id: UUID) -> None:
    bill = Bill.objects.filter(public_id=public_id).first()
    if bill is not None:
        his.locked_bill(bill)


def payments_to_tell(at: datetime) -> list[int]:
    due = BillPayment.objects.filter(state=BillPaymentState.PAID, due_at__lte=at)
    return list(due.order_by("due_at").values_list("pk", flat=True)[:MANY])


def payments_overtaken() -> QuerySet[BillPayment]:
    """Open ones whose bill is no longer to be paid, or no longer that sum."""
    changed = ~Q(bill__state="issued") | ~Q(bill__total_fen=F("charge__amount_fen"))
    found = BillPayment.objects.filter(changed, state=BillPaymentState.OPEN)
    return found.select_related("bill", "charge").order_by("pk")[:MANY]
