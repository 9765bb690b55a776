"""Whom this room lets into other rooms' things because of a consultation."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from hospital.consultations import selectors
from hospital.consultations.lifecycle import State
from hospital.consultations.models import Consultation
from hospital.files.models import File


def may_read_file(user: Any, file: File) -> bool:
    """Both sides see the pictures of their consultation, and nobody else."""
    return file.stream is not None and _mine(user, file.stream).exists()


def may_keep_file(user: Any, stream: UUID | None) -> UUID | None:
    """A picture may be added to an open consultation by either side; it is about the patient."""
    found = _mine(user, stream).filter(state=State.OPEN).first() if stream else None
    return found.patient.public_id if found else None


def _mine(user: Any, stream: UUID) -> QuerySet[Consultation]:
    return selectors.visible_to(user).filter(public_id=stream)
