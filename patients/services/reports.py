"""Reading reports as somebody who works here leaves a trace, one line for each thing shown."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models, transaction

from audit import services as audit
from hospital.accounts.models import User
from patients.models import Patient
from patients.services.reading import as_read, protection


@transaction.atomic
def open_reports(
    patient: Patient,
    things: Iterable[models.Model],
    *,
    by: User,
    at: datetime,
    why: str,
    stream: UUID | None = None,
) -> None:
    """`things` of a patient whom the door found among those `by` may see: a report, an item, or
    the patient for the list. Called before they are shown."""
    facts = as_read(patient, by=by, why=why)
    for thing in things:
        audit.record(
            "report.read",
            by=by,
            on=thing,
            about=patient.public_id,
            stream=stream,
            at=at,
            **protection(patient),
            **facts,
        )
