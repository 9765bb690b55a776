"""Whether a doctor may attend a patient from now on: asked when accepting and when taking over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from doctors.models import Clinician
from hospital.accounts import identity
from hospital.consultations import selectors
from hospital.consultations.models import Consultation
from hospital.consultations.services import judging
from hospital.kernel.rules import enforce
from hospital.policy.models import Decision
from hospital.policy.selectors import current


@dataclass(frozen=True)
class Admission:
    """What attending rests on."""

    verification: UUID  # the doctor's proof of identity
    eligibility: Decision
    open_until: datetime
    specialist_present: bool  # with a child under six; what stays so, see `admit`


def admit(
    consultation: Consultation,
    doctor: Clinician,
    *,
    by: Any,
    at: datetime,
    specialist_present: bool,
) -> Admission:
    """In person, freshly verified (`identity-stale` else), and judged anew; the judgement is kept
    whatever it says. In the caller's transaction, under its lock.

    Of the specialist only what cannot change later is told: the privilege of paediatrics may end,
    and is asked for at every signature.
    """
    minutes = current().values.identity_valid_minutes
    proof = identity.proof_of(by, at=at, minutes=minutes)
    judgement = judging.weigh(
        consultation.asked_by,
        patient=consultation.patient,
        doctor=doctor,
        kind=consultation.kind,
        diagnoses=[each["code"] for each in consultation.diagnoses],
        guardian_present=consultation.guardian_present,
        specialist_present=specialist_present,
        step="accept",
        at=at,
    )
    stream, about = consultation.public_id, consultation.patient.public_id
    keep = judging.keeper(judgement, on=consultation, by=by, at=at, about=about, stream=stream)
    enforce(judgement.findings, keep=keep)
    visit = judgement.visit
    return Admission(
        verification=proof.public_id,
        eligibility=keep(),
        open_until=at + timedelta(hours=judgement.policy.values.open_hours),
        specialist_present=visit.is_young_child
        and (specialist_present or selectors.has_treated(doctor, visit.diagnoses, visit.evidence)),
    )
