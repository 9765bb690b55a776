"""What patient and doctor hear of a prescription: a card in the conversation, a notice.

Titles and words are kept sentences (`hospital.kernel.sentences`) with `names` in them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from hospital.consultations import services as consultations
from hospital.notifications import services as notifications
from prescriptions.models import Prescription
from prescriptions.texts import says


def post(
    prescription: Prescription,
    title: str,
    *,
    at: datetime,
    words: str = "",
    names: Mapping[str, str] | None = None,
) -> None:
    """A card in the conversation, in the caller's transaction, which holds the consultation."""
    consultations.post_card(
        prescription.consultation,
        at=at,
        card={
            "kind": "prescription",
            "title": title,
            "lines": [words] if words else [_line(each) for each in says(prescription)["lines"]],
            "names": names,
            "url": address(prescription),
        },
    )


def _line(told: dict[str, Any]) -> str:
    return f"{told['drug']} × {told['packs']}"


def tell_patient(
    prescription: Prescription,
    title: str,
    body: str,
    *,
    at: datetime,
    names: Mapping[str, str] | None = None,
) -> None:
    notifications.notify(
        prescription.consultation.asked_by,
        kind="prescription",
        title=title,
        body=body,
        names=names,
        at=at,
        link=address(prescription),
    )


def tell_doctor(prescription: Prescription, title: str, body: str, *, at: datetime) -> None:
    """Whoever attends the visit now, who is mostly whoever wrote it."""
    notifications.notify(
        prescription.consultation.doctor.user,
        kind="prescription",
        title=title,
        body=body,
        at=at,
        link=reverse("prescriptions:drawer", args=[prescription.consultation.public_id]),
    )


def address(prescription: Prescription) -> str:
    return reverse("prescriptions:prescription", args=[prescription.public_id])
