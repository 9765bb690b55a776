"""A list is confirmed by a second person, stopped by anybody of medical affairs, or forgotten."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from doctors import selectors
from doctors.lifecycle import ROW, ImportState, RowState
from doctors.models import Import
from doctors.permissions import may_confirm, may_import
from doctors.services.importing.steps import take_step
from hospital.accounts.models import User
from hospital.kernel import jobs
from hospital.kernel.normalise import reason
from hospital.kernel.refusals import require

RUN: Final = "doctors.run_import"


@transaction.atomic
def confirm_import(sheet: Import, *, by: User, at: datetime) -> Import:
    """Let it run. Whoever confirms stands for the roles that it gives."""
    sheet = _locked(sheet)
    require(may_confirm(by, sheet), _("导入由医务处的另一个人确认，不能是上传的人。"))
    confirmed = take_step("confirm", sheet, by=by, at=at)
    jobs.after_commit(RUN, sheet.pk)
    return confirmed


@transaction.atomic
def stop_import(sheet: Import, *, by: User, at: datetime, why: str) -> Import:
    """No further row; what is done stays. Waits for the row that is being done this moment."""
    sheet = _locked(sheet)
    require(may_import(by), _("只有医务处可以停止导入。"))
    return _stop(sheet, by=by, at=at, why=reason(why))


def sweep_imports(*, at: datetime) -> int:
    """Wake those whose worker has died; end those that nobody confirmed within a week."""
    asleep = list(selectors.asleep(at).values_list("pk", flat=True)[:10])
    for pk in asleep:
        jobs.after_commit(RUN, pk)
    ended = [_forget(sheet, at=at) for sheet in selectors.forgotten(at)[:50]]
    return len(asleep) + sum(ended)


@transaction.atomic
def _forget(sheet: Import, *, at: datetime) -> bool:
    sheet = _locked(sheet)
    if sheet.state != ImportState.CHECKED:
        return False
    _stop(sheet, by=None, at=at, why=_("一周没有人确认。"))
    return True


def _stop(sheet: Import, *, by: User | None, at: datetime, why: str) -> Import:
    waiting = sheet.lines.filter(state=RowState.WAITING)
    dropped = waiting.update(state=ROW.after(RowState.WAITING, "drop"), data=None, done_at=at)
    return take_step("stop", sheet, by=by, at=at, why=why, dropped=dropped)


def _locked(sheet: Import) -> Import:
    locked = selectors.locked_import(sheet.pk)
    assert locked is not None, "an import is never deleted"
    return locked
