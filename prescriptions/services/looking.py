"""Opening a prescription is a command for whoever works here: it leaves a trace."""

from datetime import datetime
from typing import Any

from hospital.accounts.roles import Role
from hospital.consultations.models import Consultation
from patients import services as records
from prescriptions.models import Prescription


def look(prescription: Prescription, *, by: Any, at: datetime) -> Prescription:
    """The prescription that the door found among those `by` may see; recorded as read."""
    records.note_read(
        "prescription.read",
        prescription.patient,
        on=prescription,
        by=by,
        at=at,
        why="dispense" if by.holds(Role.PHARMACIST) else "care",
        stream=prescription.consultation.public_id,
    )
    return prescription


def look_back(consultation: Consultation, *, by: Any, at: datetime) -> None:
    """What was prescribed before, shown beside a new draft."""
    records.note_read(
        "prescription.read",
        consultation.patient,
        on=consultation,
        by=by,
        at=at,
        why="care",
        stream=consultation.public_id,
    )
