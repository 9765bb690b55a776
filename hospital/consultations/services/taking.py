"""A colleague goes on where a doctor had to stop: accepting once more, judged anew."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from doctors import selectors as doctors_of
from doctors.models import Clinician
from hospital.consultations import endings, selectors
from hospital.consultations.lifecycle import ALIVE, HANDOVER
from hospital.consultations.models import Consultation, Handover
from hospital.consultations.permissions import may_take
from hospital.consultations.services import offers, telling
from hospital.consultations.services.admitting import admit
from hospital.consultations.services.steps import group_of
from hospital.consultations.services.talking import mark
from hospital.kernel import hints
from hospital.kernel.refusals import WrongState, require
from patients.models import Patient


@transaction.atomic
def take_over(
    handover: Handover, *, by: Any, at: datetime, specialist_present: bool = False
) -> Consultation:
    """Attend from now on in the place of a colleague: in person, freshly verified (R-13), and
    only where the law lets this doctor see this patient. The price stays what it was.

    Refuses with `identity-stale` where the doctor must prove themselves again, and whoever comes
    second.
    """
    consultation, handover = offers.held(handover)
    doctor = doctors_of.clinician_of(by, "doctor")
    require(may_take(by, doctor, handover), _("只有同科室的医生可以接手。"))
    assert doctor is not None, "may_take lets nobody pass who is no doctor"
    HANDOVER.after(handover.state, "take")
    _refuse_if_needless(handover, consultation, doctor, at=at)
    admission = admit(consultation, doctor, by=by, at=at, specialist_present=specialist_present)
    handover.taken_by, handover.taken_at = doctor, at
    handover.verification, handover.eligibility = admission.verification, admission.eligibility
    event = offers.take_step(
        "take", handover, consultation, by=by, at=at, doctor=doctor.public_id.hex
    )
    endings.tell_handed_over(consultation, at)
    consultation.doctor, consultation.verification = doctor, admission.verification
    consultation.open_until = admission.open_until
    consultation.specialist_present = admission.specialist_present
    changed = ["doctor", "verification", "open_until", "specialist_present"]
    consultation.save(update_fields=changed)
    hints.after_commit(group_of(consultation.public_id), {"type": "moved"})
    mark(consultation, "handover-take", at=at, names={"doctor": doctor.name})
    telling.patient_of("handover-take", consultation, cause=event.pk, at=at)
    return consultation


def _refuse_if_needless(
    handover: Handover, consultation: Consultation, doctor: Clinician, *, at: datetime
) -> None:
    """The patient's row is held, as `order` does: of two visits to one doctor one is first."""
    patient = Patient.objects.select_for_update(no_key=True).get(pk=consultation.patient_id)
    if selectors.holds_practice(handover.former, at):
        raise WrongState(_("原来的医生已经恢复执业，会继续接诊。"), code="doctor-back")
    alive = Consultation.objects.filter(patient=patient, doctor=doctor, state__in=ALIVE)
    if alive.exists():
        raise WrongState(_("您和这位患者已经有一次没有结束的问诊。"), code="already-open")
