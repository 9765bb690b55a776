"""The only lines that assign a state: no step of a prescription or a delivery goes unrecorded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from audit.services import record
from prescriptions.lifecycle import DELIVERY, LIFECYCLE
from prescriptions.models import Delivery, Prescription


def step(
    name: str,
    prescription: Prescription,
    *,
    by: Any,
    at: datetime,
    changed: Sequence[str] = (),
    **facts: Any,
) -> Prescription:
    """Move along the lifecycle and say so in the trail, or do neither.

    Only `changed` is saved beside the state: what was signed is not even written again.
    """
    before = prescription.state
    prescription.state = LIFECYCLE.after(before, name)
    prescription.save(update_fields=["state", *changed])
    note(f"prescription.{name}", prescription, by=by, at=at, before=before, **facts)
    return prescription


def step_delivery(
    name: str,
    delivery: Delivery,
    *,
    by: Any,
    at: datetime,
    changed: Sequence[str] = (),
    **facts: Any,
) -> Delivery:
    before = delivery.state
    delivery.state = DELIVERY.after(before, name)
    delivery.save(update_fields=["state", *changed])
    record(
        f"delivery.{name}",
        by=by,
        on=delivery,
        at=at,
        about=delivery.prescription.patient.public_id,
        stream=delivery.prescription.consultation.public_id,
        before=before,
        after=delivery.state,
        prescription=str(delivery.prescription.public_id),
        mode=delivery.mode,
        **facts,
    )
    return delivery


def note(
    kind: str,
    prescription: Prescription,
    *,
    by: Any,
    at: datetime,
    before: str | None = None,
    **facts: Any,
) -> None:
    record(
        kind,
        by=by,
        on=prescription,
        at=at,
        about=prescription.patient.public_id,
        stream=prescription.consultation.public_id,
        before=before,
        after=prescription.state,
        number=prescription.number,
        version=prescription.version,
        **facts,
    )
