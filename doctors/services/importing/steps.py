"""The steps of an import, and of one of its rows."""

from datetime import datetime
from typing import Any

from audit import services as audit
from doctors.lifecycle import IMPORT, ROW, ImportState
from doctors.models import Import, ImportRow
from hospital.accounts.models import User


def take_step(
    step: str, sheet: Import, *, by: User | None, at: datetime, why: str = "", **facts: Any
) -> Import:
    """Move along the lifecycle and say so in the trail, or do neither."""
    before = sheet.state
    sheet.state = IMPORT.after(before, step)
    if step == "confirm":
        sheet.confirmed_by, sheet.confirmed_at = by, at
    if sheet.state in (ImportState.DONE, ImportState.STOPPED):
        sheet.ended_at, sheet.why = at, why
    sheet.save()
    audit.record(
        f"import.{step}", by=by, on=sheet, at=at, before=before, after=sheet.state, **facts
    )
    return sheet


def settle(row: ImportRow, step: str, *, at: datetime, why: str = "") -> None:
    """The row is done; what it said of a person is gone with it."""
    row.state = ROW.after(row.state, step)
    row.data, row.why, row.done_at = None, why, at
    row.save()
