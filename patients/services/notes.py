"""What higher rooms write into the health record, so that it never has to ask them.

In the caller's transaction, whose own event tells of it. The same thing noted twice stands once.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from patients.models import Medicine, OnlineVisit, Patient


def note_visit(
    patient: Patient,
    *,
    visit: UUID,
    at: datetime,
    department: str,
    doctor: str,
    diagnoses: Sequence[dict[str, str]],
    outcome: str,
) -> OnlineVisit:
    """That a consultation took place; `diagnoses` are {"code", "name"}. Again replaces."""
    noted, _is_new = OnlineVisit.objects.update_or_create(
        visit=visit,
        defaults={
            "patient": patient,
            "at": at,
            "department": department,
            "doctor": doctor,
            "diagnoses": list(diagnoses),
            "outcome": outcome,
        },
    )
    return noted


def note_medicine(
    patient: Patient,
    *,
    name: str,
    atc: str,
    dosage: str,
    since: date,
    until: date | None,
    origin: UUID,
    at: datetime,
) -> Medicine:
    """That the patient takes this from the prescription `origin`; noted again, it stands again."""
    noted, _is_new = Medicine.objects.update_or_create(
        origin=origin,
        name=name,
        defaults={
            "patient": patient,
            "atc": atc,
            "dosage": dosage,
            "since": since,
            "until": until,
            "source": "ours",
            "withdrawn_at": None,
        },
    )
    return noted


def withdraw_medicine(origin: UUID, *, at: datetime) -> int:
    """The prescription is void: none of its medicines is taken."""
    return Medicine.objects.filter(origin=origin, withdrawn_at=None).update(withdrawn_at=at)
