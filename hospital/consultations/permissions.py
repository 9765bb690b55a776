"""Who may do what in one consultation."""

from typing import Any

from hospital.accounts.roles import Role
from hospital.consultations.models import Consultation
from patients import selectors as patients


def may_attend(user: Any, consultation: Consultation) -> bool:
    """The doctor whom the patient chose, in person (R-13)."""
    return bool(user.holds(Role.DOCTOR)) and consultation.doctor.user_id == user.pk


def may_act_for(user: Any, consultation: Consultation) -> bool:
    """The patient, or who acts for the patient now."""
    return user.holds(Role.PATIENT) and patients.link_of(user, consultation.patient) is not None


def side_of(user: Any, consultation: Consultation) -> str:
    """`doctor`, `patient`, or empty for whoever has no place in it."""
    if may_attend(user, consultation):
        return "doctor"
    return "patient" if may_act_for(user, consultation) else ""
