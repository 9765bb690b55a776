"""That somebody who works here was shown a patient's data, at whatever door, and why."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.kernel.refusals import Refused
from patients import readers, selectors
from patients.models import Patient

OFFERED: Final = ("care", "review")  # what somebody who looks after the patient may say
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


def why_of(patient: Patient, *, by: Any, why: str) -> str:
    """Why `by` reads this record: what the door says of somebody who looks after the patient.

    Who was let in some other way reads it for that, whatever is said.
    """
    return why_on(readers.ground_of(by, patient), why=why)


def as_read(patient: Patient, *, by: Any, why: str) -> dict[str, str]:
    """Why `by` reads something of this patient, and under which look through break-glass: as the
    trail says it."""
    said = why_of(patient, by=by, why=why)
    glass = selectors.live_glass(by) if said == "break-glass" else None
    return {"why": said} | ({"glass": str(glass.public_id)} if glass else {})


def why_on(ground: str | None, *, why: str) -> str:
    """The same for whoever knows the ground already."""
    if ground not in (None, "care"):
        return ground
    if why not in OFFERED:
        raise Refused(_("请说明为什么要看这份健康档案。"), code="why-unknown")
    return why


def protection(patient: Patient) -> dict[str, Any]:
    """What a read of somebody protected says beside the rest; the alarm rests on it."""
    return {"protected": True} if patient.is_protected else {}
