"""A prescription that shall not be used: withdrawn, replaced, terminated with its visit, expired.

Whatever was asked for or paid for its medicines goes back in the same transaction.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hospital.consultations.lifecycle import State as VisitState
from hospital.consultations.models import Consultation
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import Refused, WrongState, require
from hospital.payments import services as payments
from hospital.payments.lifecycle import ChargeState
from hospital.payments.models import Charge
from prescriptions import selectors
from prescriptions.lifecycle import LIFECYCLE, DeliveryState, State
from prescriptions.models import Delivery, Line, Prescription
from prescriptions.permissions import may_withdraw, may_write
from prescriptions.services.steps import note, step, step_delivery
from prescriptions.services.telling import post, tell_patient

_VOIDABLE = [state for state, name in LIFECYCLE.steps if name == "void"]


@transaction.atomic
def void(
    prescription: Prescription, *, by: Any, at: datetime, reason: str = "withdrawn"
) -> Prescription:
    """The doctor takes it back. A dispensed one cannot be."""
    prescription = selectors.locked(prescription)
    require(may_withdraw(by, prescription), _("只有开方或接诊的医生本人可以作废。"))
    was_shown = prescription.signed_at is not None
    _void(prescription, by=by, at=at, reason=reason)
    if was_shown:
        words = gettext_noop("医生收回了这张处方，请不要使用。")
        post(prescription, gettext_noop("处方已作废"), at=at, words=words)
    return prescription


def void_all(consultation: Consultation, at: datetime) -> None:
    """The visit goes on offline: nothing prescribed in it may be used (R-04).

    Called by the consultation while it holds its own lock, in its transaction.
    """
    rows = Prescription.objects.filter(consultation=consultation, state__in=_VOIDABLE)
    for each in rows.order_by("pk"):
        prescription = selectors.locked(each)
        if prescription.state in _VOIDABLE:
            _void(prescription, by=None, at=at, reason="visit-referred")


def void_unfinished(consultation: Consultation, at: datetime) -> None:
    """Another doctor takes the visit over: what its former doctor left unfinished is nobody's.

    What was signed while they might sign stays lawful (医疗机构处方审核规范 第十三条 asks for the
    right to prescribe at the time of issue) and goes on through review. Called as `void_all` is.
    """
    rows = Prescription.objects.filter(
        consultation=consultation, state__in=[State.DRAFT, State.RETURNED]
    )
    for each in rows.order_by("pk"):
        prescription = selectors.locked(each)
        if prescription.state in (State.DRAFT, State.RETURNED):
            _void(prescription, by=None, at=at, reason="doctor-changed")


def _void(prescription: Prescription, *, by: Any, at: datetime, reason: str) -> None:
    step("void", prescription, by=by, at=at, reason=reason)
    _undo_order(prescription, by=by, at=at, reason=reason)


def _undo_order(prescription: Prescription, *, by: Any, at: datetime, reason: str) -> None:
    """Close what is not paid, give back what is, stop what is being packed."""
    charge = prescription.charge
    if charge is not None and charge.state == ChargeState.OPEN:
        payments.close(charge, at=at, by=by)
    elif charge is not None and charge.state == ChargeState.PAID:
        left = charge.amount_fen - charge.refunded_fen
        if left > 0:
            payments.refund(charge, amount_fen=left, reason=reason[:40], by=by, at=at)
    delivery = Delivery.objects.select_for_update().filter(prescription=prescription).first()
    if delivery is not None and delivery.state in (DeliveryState.ORDERED, DeliveryState.PACKED):
        delivery.prescription = prescription
        step_delivery("cancel", delivery, by=by, at=at)


@transaction.atomic
def revise(prescription: Prescription, *, by: Any, at: datetime) -> Prescription:
    """A new version as a draft, with the lines of the old one, which becomes void.

    Both are kept. Refused where the patient has paid already, and outside an open visit.
    """
    prescription = selectors.locked(prescription)
    require(may_write(by, prescription), _("只有开方的医生本人可以修改。"))
    if prescription.consultation.state != VisitState.OPEN:
        raise WrongState(_("这次问诊没有在进行，不能开方。"), code="visit-not-open")
    if prescription.state == State.DRAFT:
        return prescription
    LIFECYCLE.after(prescription.state, "void")
    if selectors.draft_of(prescription.consultation) is not None:
        raise WrongState(_("这次问诊还有一张没有签名的处方，请先完成或删除它。"), code="draft-open")
    if (
        prescription.charge_id
        and Charge.objects.filter(pk=prescription.charge_id, state="paid").exists()
    ):
        raise Refused(
            _("患者已经缴费，不能再改。需要停用请作废，费用会退回。"), code="already-paid"
        )
    _void(prescription, by=by, at=at, reason="replaced")
    return _next_version(prescription, by=by, at=at)


def _next_version(old: Prescription, *, by: Any, at: datetime) -> Prescription:
    draft = Prescription.objects.create(
        number=old.number,
        version=old.version + 1,
        supersedes=old,
        consultation=old.consultation,
        patient=old.patient,
        doctor=old.doctor,
        kind=old.kind,
        diagnoses=old.diagnoses,
        reason=old.reason,
        long_term_evaluation=old.long_term_evaluation,
        patient_confirmed_long_term=old.patient_confirmed_long_term,
        extension_days=old.extension_days,
        begun_at=at,
    )
    Line.objects.bulk_create(_again(line, draft) for line in old.lines.select_related("drug"))
    note("prescription.begin", draft, by=by, at=at, supersedes=str(old.public_id))
    return draft


def _again(line: Line, draft: Prescription) -> Line:
    """The same line at today's price."""
    return Line(
        prescription=draft,
        position=line.position,
        drug=line.drug,
        dose=line.dose,
        dose_unit=line.dose_unit,
        frequency=line.frequency,
        route=line.route,
        days=line.days,
        packs=line.packs,
        price_fen=line.drug.price_fen,
    )


@transaction.atomic
def expire(prescription: Prescription, *, at: datetime) -> Prescription:
    """Its last valid day is over and nobody dispensed it. Again is no harm."""
    prescription = selectors.locked(prescription)
    due = prescription.valid_until is not None and prescription.valid_until < local_date(at)
    if prescription.state not in (State.SIGNED, State.APPROVED) or not due:
        return prescription
    step("expire", prescription, by=None, at=at)
    _undo_order(prescription, by=None, at=at, reason="expired")
    body = gettext_noop("处方过了有效期，没有取药，已经失效。付过的药费会原路退回。")
    tell_patient(prescription, gettext_noop("处方已过期"), body, at=at)
    return prescription
