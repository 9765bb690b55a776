"""Opening a conversation is a command for whoever works here: it leaves a trace."""

from datetime import datetime
from typing import Any

from hospital.consultations.models import Consultation
from patients import services as records


def look(consultation: Consultation, *, by: Any, at: datetime) -> Consultation:
    """The consultation that the door found among those `by` may see; recorded as read."""
    records.note_read(
        "consultation.read",
        consultation.patient,
        on=consultation,
        by=by,
        at=at,
        why="care",
        stream=consultation.public_id,
    )
    return consultation
