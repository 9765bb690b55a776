"""会诊: the doctor who attends asks a colleague, if the patient agrees."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.consultations import selectors
from hospital.consultations.lifecycle import State
from hospital.consultations.models import Consultation
from hospital.consultations.permissions import may_attend
from hospital.consultations.services.practising import require_practice_of
from hospital.kernel.refusals import WrongState, require
from patients import services as records
from patients.models import Share


@transaction.atomic
def invite(consultation: Consultation, *, doctor: UUID, why: str, by: Any, at: datetime) -> Share:
    """Ask the patient to let this colleague read the record until the consultation ends."""
    consultation = selectors.locked(consultation)
    require(may_attend(by, consultation), _("只有接诊的医生可以请同事会诊。"))
    require_practice_of(consultation.doctor, at=at)
    until = consultation.open_until
    if consultation.state != State.OPEN or until is None or until <= at:
        raise WrongState(_("问诊进行中才能请同事会诊。"), code="not-open")
    return records.ask_consult(
        consultation.patient,
        doctor=doctor,
        stream=consultation.public_id,
        until=until,
        why=why,
        by=by,
        at=at,
    )
