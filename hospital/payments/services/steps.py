"""The only lines that assign a state here: a step of a lifecycle, and its word in the trail."""

import secrets
from datetime import datetime
from typing import Any

from audit.services import record
from hospital.kernel.calendar import local_date
from hospital.payments.lifecycle import CHARGE, REFUND
from hospital.payments.models import Charge, Refund


def fresh_number(letter: str, at: datetime) -> str:
    """A number of ours at the gateway: unguessable, and readable on a statement by its day."""
    return f"{letter}{local_date(at):%Y%m%d}{secrets.token_hex(6)}"


def step_charge(step: str, charge: Charge, *, by: Any, at: datetime, **facts: Any) -> Charge:
    before = charge.state
    charge.state = CHARGE.after(before, step)
    charge.save()
    record(
        f"charge.{step}",
        by=by,
        on=charge,
        at=at,
        about=charge.about,
        stream=charge.stream,
        before=before,
        after=charge.state,
        kind_of_charge=charge.kind,
        amount_fen=charge.amount_fen,
        **facts,
    )
    return charge


def step_refund(step: str, refund: Refund, *, by: Any, at: datetime, **facts: Any) -> Refund:
    before = refund.state
    refund.state = REFUND.after(before, step)
    refund.save()
    record_refund(step, refund, by=by, at=at, before=before, **facts)
    return refund


def record_refund(
    step: str, refund: Refund, *, by: Any, at: datetime, before: str | None = None, **facts: Any
) -> None:
    record(
        f"refund.{step}",
        by=by,
        on=refund,
        at=at,
        about=refund.charge.about,
        stream=refund.charge.stream,
        before=before,
        after=refund.state,
        amount_fen=refund.amount_fen,
        reason=refund.reason,
        **facts,
    )
