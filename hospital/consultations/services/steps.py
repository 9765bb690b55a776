"""The one line that assigns a consultation's state, and its word in the trail."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from audit import services as audit
from audit.models import Event
from hospital.consultations import selectors
from hospital.consultations.lifecycle import LIFECYCLE, State
from hospital.consultations.models import Consultation
from hospital.consultations.services import offers
from hospital.kernel import hints
from patients import services as records


def group_of(public_id: UUID) -> str:
    """The group of the sockets that are open on one consultation."""
    return f"consultation.{public_id.hex}"


def take_step(
    step: str,
    consultation: Consultation,
    *,
    by: Any,
    at: datetime,
    changed: Iterable[str] = (),
    **facts: Any,
) -> Event:
    """Move along the lifecycle and say so in the trail, or do neither. The caller holds the row."""
    before = consultation.state
    consultation.state = LIFECYCLE.after(before, step)
    consultation.save(update_fields=["state", *changed])
    hints.after_commit(group_of(consultation.public_id), {"type": "moved"})
    return audit.record(
        f"consultation.{step}",
        by=by,
        on=consultation,
        at=at,
        about=consultation.patient.public_id,
        stream=consultation.public_id,
        before=before,
        after=consultation.state,
        **facts,
    )


def end(
    step: str,
    consultation: Consultation,
    *,
    by: Any,
    at: datetime,
    reason: str = "",
    note: str = "",
) -> Event:
    """A step that ends it, with the time and the reason; its 会诊 and its offer end with it.

    The note stays out of the trail.
    """
    consultation.ended_at = at
    consultation.end_reason = reason
    consultation.end_note = note
    changed = ("ended_at", "end_reason", "end_note")
    facts = {"reason": reason} if reason else {}
    if consultation.state == State.OPEN:
        offer = selectors.open_handover(consultation)
        if offer is not None:
            offers.conclude(offer, consultation, by=by, at=at, reason="over")
    records.end_consults(consultation.public_id, at=at)
    return take_step(step, consultation, by=by, at=at, changed=changed, **facts)
