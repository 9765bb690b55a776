"""The one line that assigns the state of an offer to colleagues, and its word in the trail."""

from datetime import datetime
from typing import Any

from audit import services as audit
from audit.models import Event
from hospital.consultations import selectors
from hospital.consultations.lifecycle import HANDOVER
from hospital.consultations.models import Consultation, Handover


def held(handover: Handover) -> tuple[Consultation, Handover]:
    """Both rows under lock, the consultation first."""
    consultation = selectors.locked(handover.consultation)
    return consultation, selectors.locked_handover(handover)


def conclude(
    handover: Handover, consultation: Consultation, *, by: Any, at: datetime, reason: str
) -> Event:
    """The step that ends an offer nobody took. The caller holds both rows."""
    handover.ended_at, handover.end_reason = at, reason
    return take_step("end", handover, consultation, by=by, at=at, reason=reason)


def take_step(
    step: str,
    handover: Handover,
    consultation: Consultation,
    *,
    by: Any,
    at: datetime,
    **facts: Any,
) -> Event:
    """Move along the lifecycle and say so in the trail, or do neither."""
    before = handover.state
    handover.state = HANDOVER.after(before, step)
    handover.save()
    return record(
        step, handover, consultation, by=by, at=at, before=before, after=handover.state, **facts
    )


def record(
    step: str,
    handover: Handover,
    consultation: Consultation,
    *,
    by: Any,
    at: datetime,
    **facts: Any,
) -> Event:
    return audit.record(
        f"handover.{step}",
        by=by,
        on=handover,
        at=at,
        about=consultation.patient.public_id,
        stream=consultation.public_id,
        former=handover.former.public_id.hex,
        **facts,
    )
