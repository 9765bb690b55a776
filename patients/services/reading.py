"""That somebody who works here was shown a patient's data, at whatever door, and why."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import models, transaction

from audit import services as audit
from patients.models import Patient

WHYS: Final = ("care", "review", "dispense", "break-glass", "shared", "manage")


@transaction.atomic
def note_read(
    kind: str,
    patient: Patient,
    *,
    on: models.Model,
    by: Any,
    at: datetime,
    why: str,
    stream: UUID | None = None,
) -> None:
    """`kind` is one of `audit.selectors.READS`, `why` one of `WHYS`. Called before it is shown:
    what cannot be recorded is not shown. Patients and their families read their own unrecorded."""
    assert why in WHYS, why
    if by.is_staff:
        facts = protection(patient)
        audit.record(
            kind, by=by, on=on, about=patient.public_id, stream=stream, at=at, why=why, **facts
        )


def protection(patient: Patient) -> dict[str, Any]:
    """What a read of somebody protected says beside the rest; the alarm rests on it."""
    return {"protected": True} if patient.is_protected else {}
