"""What a consultation has to do with money: its charge, and what payments tells us about it."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit import services as audit
from hospital.consultations import selectors
from hospital.consultations.lifecycle import State
from hospital.consultations.models import Consultation
from hospital.consultations.services import telling
from hospital.consultations.services.steps import end, take_step
from hospital.payments import services as payments
from hospital.payments.hooks import Words
from hospital.payments.models import Charge, Refund
from hospital.policy import selectors as policies

KIND: Final = "consultation"
_FOLLOWUP, _ADVICE = gettext_noop("在线复诊"), gettext_noop("健康咨询")


def open_for_payment(consultation: Consultation, *, by: Any, at: datetime) -> Consultation:
    """Store a new order with its charge; one that costs nothing waits for the doctor at once."""
    if consultation.fee_fen:
        consultation.charge = payments.open_charge(
            KIND,
            consultation.public_id,
            payer=by,
            about=consultation.patient.public_id,
            stream=consultation.public_id,
            what=_FOLLOWUP if consultation.is_followup else _ADVICE,
            amount_fen=consultation.fee_fen,
            expires_at=consultation.pay_by,
            at=at,
        )
    consultation.save()
    audit.record(
        "consultation.order",
        by=by,
        on=consultation,
        at=at,
        about=consultation.patient.public_id,
        stream=consultation.public_id,
        after=consultation.state,
        type=consultation.kind,
        fee_fen=consultation.fee_fen,
    )
    if not consultation.fee_fen:
        _paid(consultation, by=by, at=at)
    return consultation


def _paid(consultation: Consultation, *, by: Any, at: datetime) -> None:
    hours = policies.current().values.accept_hours
    consultation.paid_at = at
    consultation.accept_by = at + timedelta(hours=hours)
    event = take_step("pay", consultation, by=by, at=at, changed=("paid_at", "accept_by"))
    telling.doctor_of_a_new_one(consultation, cause=event.pk, at=at)


def give_back(consultation: Consultation, *, reason: str, by: Any, at: datetime) -> None:
    """The whole fee, back to where it came from. The caller holds the consultation."""
    if consultation.charge is not None:
        payments.refund(
            consultation.charge,
            amount_fen=consultation.fee_fen,
            reason=reason,
            by=by,
            at=at,
        )


# What payments calls, inside its own transaction ------------------------------------------------


def lock(subject: UUID) -> None:
    Consultation.objects.select_for_update().get(public_id=subject)


def settled(charge: Charge, at: datetime) -> bool:
    """Take the money if it is still wanted; what comes after the end goes back by itself."""
    consultation = _of(charge)
    if consultation.state != State.UNPAID:
        return False
    _paid(consultation, by=charge.payer, at=at)
    return True


def closed(charge: Charge, at: datetime) -> None:
    """Nobody paid in time."""
    consultation = _of(charge)
    if consultation.state == State.UNPAID:
        end("expire", consultation, by=None, at=at)


def refunded(_refund: Refund, _at: datetime) -> None:
    """The order list shows the refund itself; nothing here changes."""


def words(charge: Charge) -> Words:
    consultation = _of(charge, hold=False)
    doctor = consultation.doctor
    return Words(
        for_whom=consultation.patient.name,
        lines=(
            (_("医生"), f"{doctor.name} {doctor.get_title_display()}"),
            (_("科室"), doctor.department.said),
        ),
        onward=reverse("consultations:consultation", args=[consultation.public_id]),
    )


def _of(charge: Charge, *, hold: bool = True) -> Consultation:
    rows = Consultation.objects.select_related("patient", "doctor__department", "doctor__user")
    found = rows.get(public_id=charge.subject)
    return selectors.locked(found) if hold else found
