"""Who may take which step on one prescription."""

from typing import Any

from doctors.models import Clinician
from hospital.accounts.roles import Role
from hospital.consultations.models import Consultation
from patients import selectors as patients
from prescriptions.models import Prescription


def may_begin(user: Any, consultation: Consultation) -> bool:
    """The doctor who was asked, in person; never a program (R-10)."""
    return bool(user.holds(Role.DOCTOR) and consultation.doctor.user_id == user.pk)


def may_write(user: Any, prescription: Prescription) -> bool:
    """Change, sign, withdraw: the doctor who began it."""
    return bool(user.holds(Role.DOCTOR) and prescription.doctor.user_id == user.pk)


def may_withdraw(user: Any, prescription: Prescription) -> bool:
    """Whoever wrote it, and whoever attends the visit since they could not go on."""
    attending = prescription.consultation.doctor.user_id
    return may_write(user, prescription) or (user.holds(Role.DOCTOR) and attending == user.pk)


def may_review(user: Any, reviewer: Clinician | None, prescription: Prescription) -> bool:
    """A pharmacist who is not the author, as clinician and as account."""
    return (
        user.holds(Role.PHARMACIST)
        and reviewer is not None
        and reviewer.kind == "pharmacist"
        and reviewer.pk != prescription.doctor_id
        and not is_author(user, prescription)
    )


def may_dispense(user: Any, pharmacist: Clinician | None) -> bool:
    return (
        user.holds(Role.PHARMACIST) and pharmacist is not None and pharmacist.kind == "pharmacist"
    )


def is_author(user: Any, prescription: Prescription) -> bool:
    """Whether the same person wrote it, in whatever profession they act now."""
    return bool(prescription.doctor.user_id == user.pk)


def may_act_for(user: Any, prescription: Prescription) -> bool:
    """Order, receive: the patient, or who acts for the patient now."""
    return user.holds(Role.PATIENT) and patients.link_of(user, prescription.patient) is not None
