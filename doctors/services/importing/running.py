"""An import runs: each row in a transaction of its own, so that a stop anywhere loses nothing.

Two workers at once take turns, because each holds the import while it does a row; whoever is
killed leaves his row as it was. Twice is once.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from doctors import selectors
from doctors.lifecycle import ImportState
from doctors.models import Import
from doctors.services.importing import departments, staff
from doctors.services.importing.steps import settle, take_step
from hospital.kernel.refusals import Refused
from hospital.notifications.services import notify

_CAME_TO: Final = ("added", "changed", "same", "failed")
_PUT: Final = {"staff": staff.put, "departments": departments.put}


def run_import(
    pk: int,
    *,
    at: datetime,
    seconds: float = 90,
    told: Callable[[int], object] | None = None,
) -> bool:
    """Do its rows, in their order, for so long. Not atomic. False where there is more to do.

    `told` hears after each row how many this call has done.
    """
    end = time.monotonic() + seconds
    if not _start(pk, at=at):
        return True
    done = 0
    while _next(pk, at=at):
        done += 1
        if told is not None:
            told(done)
        if time.monotonic() > end:
            return False
    return True


@transaction.atomic
def _start(pk: int, *, at: datetime) -> bool:
    sheet = selectors.locked_import(pk)
    if sheet is None:
        return False
    if sheet.state == ImportState.CONFIRMED:
        take_step("start", sheet, by=None, at=at)
    return bool(sheet.state == ImportState.RUNNING)


@transaction.atomic
def _next(pk: int, *, at: datetime) -> bool:
    """Do one row; finish after the last. False where there is nothing left to do."""
    sheet = selectors.locked_import(pk)
    if sheet is None or sheet.state != ImportState.RUNNING:
        return False
    row = selectors.next_row(sheet)
    if row is None:
        _finish(sheet, at=at)
        return False
    try:
        with transaction.atomic():
            step = _PUT[sheet.kind](row.data, sheet, at=at)
    except Refused as refusal:
        settle(row, "fail", at=at, why=refusal.message)
    except (IntegrityError, DataError):
        settle(row, "fail", at=at, why=_("与别处刚刚改动的数据冲突，请重新上传这一行。"))
    else:
        settle(row, step, at=at)
    return True


def _finish(sheet: Import, *, at: datetime) -> None:
    counted = selectors.counted(sheet)
    came_to: dict[str, Any] = {state: counted[state] for state in _CAME_TO}
    take_step("finish", sheet, by=None, at=at, **came_to)
    if sheet.checked_by is not None:
        notify(
            sheet.checked_by,
            kind="import.finish",
            title=gettext_noop("导入已完成"),
            body=gettext_noop("新增 %(added)s，更新 %(changed)s，没有导入 %(failed)s。"),
            names={name: str(n) for name, n in came_to.items()},
            at=at,
            link=f"/admin/doctors/import/{sheet.pk}/change/",
        )
