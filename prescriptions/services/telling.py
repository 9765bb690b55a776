"""What patient and doctor hear of a prescription: a card in the conversation, a notice."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hospital.consultations import services as consultations
from hospital.notifications import services as notifications
from prescriptions.models import Prescription
from prescriptions.texts import says


def post(prescription: Prescription, title: str, *, at: datetime, words: str = "") -> None:
    """A card in the conversation, in the caller's transaction, which holds the consultation."""
    consultations.post_card(
        prescription.consultation,
        at=at,
        card={
            "kind": "prescription",
            "title": title,
            "lines": [words] if words else [_line(each) for each in says(prescription)["lines"]],
            "url": address(prescription),
            "state": asdict(prescription.face),
        },
    )


def _line(told: dict[str, Any]) -> str:
    return _("%(drug)s，%(packs)s 盒") % {"drug": told["drug"], "packs": told["packs"]}


def tell_patient(prescription: Prescription, title: str, body: str, *, at: datetime) -> None:
    notifications.notify(
        prescription.consultation.asked_by,
        kind="prescription",
        title=title,
        body=body,
        at=at,
        link=address(prescription),
    )


def tell_doctor(prescription: Prescription, title: str, body: str, *, at: datetime) -> None:
    notifications.notify(
        prescription.doctor.user,
        kind="prescription",
        title=title,
        body=body,
        at=at,
        link=reverse("prescriptions:drawer", args=[prescription.consultation.public_id]),
    )


def address(prescription: Prescription) -> str:
    return reverse("prescriptions:prescription", args=[prescription.public_id])
