"""Who may do what in one consultation."""

from typing import Any

from doctors.models import Clinician
from hospital.accounts.roles import Role
from hospital.consultations.models import Consultation, Handover
from patients import selectors as patients


def may_attend(user: Any, consultation: Consultation) -> bool:
    """The doctor whom the patient chose, in person (R-13)."""
    return bool(user.holds(Role.DOCTOR)) and consultation.doctor.user_id == user.pk


def may_take(user: Any, doctor: Clinician | None, handover: Handover) -> bool:
    """A doctor of the same department, for a colleague who may not go on."""
    return (
        bool(user.holds(Role.DOCTOR))
        and doctor is not None
        and doctor.user_id == user.pk
        and doctor.department_id == handover.former.department_id
        and doctor.pk != handover.former_id
    )


def may_end_handover(user: Any) -> bool:
    """The outpatient office need not wait for the hours where nobody can take it over."""
    return bool(user.holds(Role.OUTPATIENT_OFFICE))


def may_act_for(user: Any, consultation: Consultation) -> bool:
    """The patient, or who acts for the patient now."""
    return user.holds(Role.PATIENT) and patients.link_of(user, consultation.patient) is not None


def side_of(user: Any, consultation: Consultation) -> str:
    """`doctor`, `patient`, or empty for whoever has no place in it."""
    if may_attend(user, consultation):
        return "doctor"
    return "patient" if may_act_for(user, consultation) else ""
