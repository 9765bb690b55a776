"""Whom this room lets into other rooms' things because of a consultation."""

from typing import Any
from uuid import UUID

from hospital.consultations import selectors
from hospital.consultations.lifecycle import State
from hospital.files.models import File


def may_read_file(user: Any, file: File) -> bool:
    """Both sides see the pictures of their consultation, and nobody else."""
    return selectors.visible_to(user).filter(public_id=file.stream).exists()


def may_keep_file(user: Any, stream: UUID | None) -> UUID | None:
    """A picture may be added to an open consultation by either side; it is about the patient."""
    found = selectors.visible_to(user).filter(public_id=stream, state=State.OPEN).first()
    return found.patient.public_id if found else None
