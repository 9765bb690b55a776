"""What follows when a doctor may not practise any more (ADR 0018).

Orders end with everything given back, open consultations are offered to colleagues; each in a
transaction of its own that looks again under the lock, so that it may be told twice.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.consultations import selectors
from hospital.consultations.lifecycle import HandoverState, State
from hospital.consultations.models import Consultation, Handover
from hospital.consultations.permissions import may_end_handover
from hospital.consultations.services import paying, telling
from hospital.consultations.services.attending import leave_offline
from hospital.consultations.services.offers import conclude, held, record
from hospital.consultations.services.ordering import shut
from hospital.consultations.services.steps import end
from hospital.consultations.services.talking import mark
from hospital.kernel.refusals import WrongState, require
from hospital.policy.selectors import current


@transaction.atomic
def relieve(consultation: Consultation, *, at: datetime) -> bool:
    """End an order, or offer an open consultation, of a doctor who may not practise.

    False where there is nothing to do (any more): the doctor may, or it is over or offered.
    """
    consultation = selectors.locked(consultation)
    if not consultation.is_alive or selectors.holds_practice(consultation.doctor, at):
        return False
    if consultation.state == State.OPEN:
        return _offer(consultation, at=at)
    _withdraw(consultation, at=at)
    return True


def _withdraw(consultation: Consultation, *, at: datetime) -> None:
    was_paid = consultation.state == State.WAITING
    event = end("withdraw", consultation, by=None, at=at, reason="not-practising")
    if was_paid:
        paying.give_back(consultation, reason="withdrawn", by=None, at=at)
    else:
        shut(consultation, by=None, at=at)
    telling.patient_of("withdraw", consultation, cause=event.pk, at=at)


def _offer(consultation: Consultation, *, at: datetime) -> bool:
    if selectors.open_handover(consultation) is not None:
        return False
    hours = timedelta(hours=current().values.handover_hours)
    assert consultation.verification is not None, "accepted by somebody unverified"
    handover = Handover.objects.create(
        consultation=consultation,
        former=consultation.doctor,
        former_verification=consultation.verification,
        asked_at=at,
        until=at + hours,
    )
    event = record("ask", handover, consultation, by=None, at=at, until=handover.until.isoformat())
    mark(consultation, "handover-ask", at=at)
    telling.patient_of("handover-ask", consultation, cause=event.pk, at=at)
    for colleague in selectors.colleagues_for(handover, at):
        telling.colleague_of(handover, colleague.user, cause=event.pk, at=at)
    return True


@transaction.atomic
def resume(handover: Handover, *, at: datetime) -> bool:
    """Its own doctor may practise again before anybody took it: they go on, for longer by what
    the patient waited, and never shorter than that from now.
    """
    consultation, handover = held(handover)
    if handover.state != HandoverState.ASKED or not selectors.holds_practice(handover.former, at):
        return False
    assert consultation.open_until is not None, "only an open consultation is offered"
    consultation.open_until = max(consultation.open_until, at) + (at - handover.asked_at)
    consultation.save(update_fields=["open_until"])
    event = conclude(handover, consultation, by=None, at=at, reason="resumed")
    mark(consultation, "handover-resume", at=at)
    telling.patient_of("handover-resume", consultation, cause=event.pk, at=at)
    return True


@transaction.atomic
def run_out(handover: Handover, *, at: datetime) -> bool:
    """Nobody has taken it in time: the patient is sent offline, with everything given back."""
    consultation, handover = held(handover)
    if handover.state != HandoverState.ASKED or handover.until > at:
        return False
    _leave(handover, consultation, by=None, at=at)
    return True


@transaction.atomic
def end_handover(handover: Handover, *, by: Any, at: datetime) -> Handover:
    """The outpatient office sees that nobody can take it, and does not let the patient wait."""
    consultation, handover = held(handover)
    require(may_end_handover(by), _("只有门诊办公室可以结束交接。"))
    if handover.state != HandoverState.ASKED:
        raise WrongState(_("这次交接已经了结，请刷新页面。"), code="handover-over")
    _leave(handover, consultation, by=by, at=at)
    return handover


def _leave(handover: Handover, consultation: Consultation, *, by: Any, at: datetime) -> None:
    conclude(handover, consultation, by=by, at=at, reason="unattended")
    leave_offline(consultation, "unattended", by=by, at=at)
