"""What this room answers to payments about bills paid online, registered in `apps.py`."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from hospital.payments.hooks import Words
from hospital.payments.models import Charge, Refund
from patients import bills, selectors
from patients.services.telling import of_a_bill_refund


def refunded(refund: Refund, at: datetime) -> None:
    of_a_bill_refund(refund, at=at)


def words(charge: Charge) -> Words:
    """What the payer reads beside the sum; nothing more once the link to the patient has ended."""
    payment = selectors.payment_of(charge)
    if payment is None:
        return Words("")
    patient = selectors.linked_to(charge.payer).filter(public_id=payment.about).first()
    if patient is None:
        return Words(_("家人"))
    address = reverse("patients:bill", args=[payment.bill.public_id])
    return Words(
        patient.name, [(each.what, each.sum) for each in bills.lines(payment.bill)], address
    )
