"""A patient orders a consultation, and may take it back until a doctor accepts."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from doctors.models import Clinician
from hospital.consultations import selectors
from hospital.consultations.lifecycle import ALIVE, State
from hospital.consultations.models import Consultation
from hospital.consultations.permissions import may_act_for
from hospital.consultations.services import judging, paying
from hospital.consultations.services.steps import end
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import NotAllowed, Refused, WrongState, require
from hospital.kernel.rules import enforce
from hospital.payments import services as payments
from hospital.payments.lifecycle import ChargeState
from patients import selectors as patients
from patients.models import Patient

LONGEST: Final = 1000  # characters of a complaint


@transaction.atomic
def order(
    user: Any,
    *,
    patient: Patient,
    doctor: Clinician,
    kind: str,
    diagnoses: Sequence[str],
    complaint: str,
    guardian_present: bool,
    at: datetime,
) -> Consultation:
    """Ask a doctor for a patient of one's own: judged, priced, open to be paid.

    Refuses with every rule that stands against it, and keeps that judgement.
    """
    if patients.link_of(user, patient) is None:
        raise NotAllowed(_("只能为自己和家人下单。"))
    words = _complaint(complaint)
    patient = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    _refuse_a_second_one(patient, doctor)
    service = selectors.locked_service(doctor, kind, at)
    judgement = judging.weigh(
        user,
        patient=patient,
        doctor=doctor,
        kind=kind,
        diagnoses=diagnoses,
        guardian_present=guardian_present,
        at=at,
    )
    refused = judging.keeper(
        judgement, on=None, by=user, at=at, about=patient.public_id, stream=None
    )
    enforce(judgement.findings, keep=refused)
    assert service is not None, "the rules let nobody pass to a service that is not offered"
    assert service.price_fen is not None, "nor to one without a price"
    terms = judgement.policy.values
    consultation = Consultation(
        public_id=uuid.uuid4(),
        kind=kind,
        patient=patient,
        asked_by=user,
        doctor=doctor,
        complaint=words,
        diagnoses=selectors.named_diagnoses(judgement.visit.diagnoses, judgement.visit.evidence),
        guardian_present=guardian_present,
        fee_fen=service.price_fen,
        ordered_at=at,
        pay_by=at + timedelta(minutes=terms.pay_minutes),
    )
    consultation.eligibility = judging.keeper(
        judgement,
        on=consultation,
        by=user,
        at=at,
        about=patient.public_id,
        stream=consultation.public_id,
    )()
    return paying.open_for_payment(consultation, by=user, at=at)


def _complaint(text: str) -> str:
    words = prose(text, limit=LONGEST)
    if not words:
        raise Refused(_("请写一写哪里不舒服，医生好提前了解。"), code="text-empty")
    return words


def _refuse_a_second_one(patient: Patient, doctor: Clinician) -> None:
    alive = Consultation.objects.filter(patient=patient, doctor=doctor, state__in=ALIVE).first()
    if alive is not None:
        raise WrongState(
            _("和这位医生还有一次没有结束的问诊，可以接着用。"),
            code="already-open",
            consultation=str(alive.public_id),
        )


@transaction.atomic
def cancel(consultation: Consultation, *, by: Any, at: datetime) -> Consultation:
    """Take the order back before a doctor has accepted; what was paid goes back in full."""
    consultation = selectors.locked(consultation)
    require(may_act_for(by, consultation), _("只有下单的一方可以取消。"))
    was_paid = consultation.state == State.WAITING
    end("cancel", consultation, by=by, at=at)
    if was_paid:
        paying.give_back(consultation, reason="cancelled", by=by, at=at)
    else:
        shut(consultation, by=by, at=at)
    return consultation


@transaction.atomic
def expire(consultation: Consultation, *, at: datetime) -> bool:
    """Nobody paid in time. False where somebody just did."""
    consultation = selectors.locked(consultation)
    if consultation.state != State.UNPAID or consultation.pay_by > at:
        return False
    end("expire", consultation, by=None, at=at)
    shut(consultation, by=None, at=at)
    return True


def shut(consultation: Consultation, *, by: Any, at: datetime) -> None:
    """Nobody shall pay for it any more."""
    charge = consultation.charge
    if charge is not None and charge.state != ChargeState.CLOSED:
        payments.close(charge, at=at, by=by)
