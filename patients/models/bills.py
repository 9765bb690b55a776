"""A bill of the hospital, paid online."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.his.models import Bill
from hospital.kernel.lifecycle import Face
from hospital.payments.models import Charge
from patients.lifecycle import BILL_PAYMENT, BillPaymentState

LIVING = (BillPaymentState.OPEN, BillPaymentState.PAID, BillPaymentState.TOLD)


class BillPayment(models.Model):
    """One try to pay a bill here. At most one lives for a bill, whoever of the family pays.

    It belongs to the books and outlives the record: the patient is named by number alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="payments")
    charge = models.OneToOneField(Charge, models.PROTECT, related_name="+")
    about = models.UUIDField()  # the patient
    state = models.CharField(max_length=8, choices=BillPaymentState, default=BillPaymentState.OPEN)
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # when to tell the hospital next
    tries = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField(null=True)  # since when the hospital's cashiers know

    class Meta:
        verbose_name = _("院内账单的线上缴费")
        verbose_name_plural = _("院内账单的线上缴费")
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="paid"), name="bill_payment_due"),
            models.Index(fields=["bill"], condition=Q(state="open"), name="bill_payment_open"),
        ]
        constraints = [
            models.CheckConstraint(
                name="bill_payment_state", condition=Q(state__in=BillPaymentState.values)
            ),
            models.CheckConstraint(
                name="bill_payment_told_has_time",
                condition=Q(state="told", told_at__isnull=False)
                | (~Q(state="told") & Q(told_at=None)),
            ),
            models.CheckConstraint(
                name="bill_payment_paid_is_due",
                condition=~Q(state="paid") | Q(due_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["bill"], condition=Q(state__in=LIVING), name="bill_paid_once"
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="lifecycle", field="state", transitions=BILL_PAYMENT.edges),
            pgtrigger.ReadOnly(
                name="said_once", fields=["public_id", "bill", "charge", "about", "at"]
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return BILL_PAYMENT.faces[self.state]
