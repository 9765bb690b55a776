"""急诊查阅 (break-glass): read a record without treating the patient, with everybody told.

Reasoned, for one patient, one at a time, for half an hour at most, judged within a day by
somebody else (SEC-17; for a minor PI-13).
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts import guesses
from hospital.accounts.models import User
from hospital.kernel.calendar import full_years, local_date
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, WrongState, require
from hospital.policy.selectors import current
from patients import claims, readers, selectors
from patients.lifecycle import GLASS, GlassState
from patients.models import Glass, Patient
from patients.permissions import may_break_glass, may_end_glass, may_review_glass
from patients.services import telling

TRIES: Final = guesses.Limit("break-glass", 10, timedelta(hours=1))
LEAST_NOTE: Final = 10  # characters
NOTE, REVIEW_NOTE = 500, 200
MOST: Final = 200  # in one sweep


def break_glass(id_number: str, *, reason: str, note: str, by: User, at: datetime) -> Glass:
    """Open the record of the patient with exactly this document number. Not atomic.

    A number that is wrong and one of nobody sound the same (`no-such-record`), and both are
    counted before anybody is looked for.
    """
    require(
        may_break_glass(by),
        _("急诊查阅只给资质有效的医生使用。请先到“资质与账号”看看您的资质。"),
        code="not-practising",
    )
    if reason not in Glass.Reason.values:
        raise Refused(_("请选择急诊查阅的理由。"), code="reason-unknown")
    note = prose(note, limit=NOTE)
    if len(note) < LEAST_NOTE:
        raise Refused(
            _("请写清楚为什么要看这份病历，至少 %(least)s 个字。") % {"least": LEAST_NOTE},
            code="note-too-short",
        )
    guesses.count(TRIES, str(by.public_id), at=at)
    patient = selectors.by_number(id_number)
    if patient is None:
        raise Refused(
            _("没有找到这个证件号码的病历。请逐位核对；号码没有错，就是这里没有建过档。"),
            code="no-such-record",
        )
    return _open(patient, reason=reason, note=note, by=by, at=at)


@transaction.atomic
def _open(patient: Patient, *, reason: str, note: str, by: User, at: datetime) -> Glass:
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    _one_at_a_time(by, at=at)
    if readers.ground_of(by, patient) is not None:
        raise WrongState(_("这位患者的病历您可以直接看，不用急诊查阅。"), code="needless")
    values = current().values
    glass = Glass.objects.create(
        patient=patient,
        by=by,
        reason=reason,
        note=note,
        of_minor=full_years(patient.birth_date, local_date(at)) < claims.ADULT,
        opened_at=at,
        until=at + timedelta(minutes=values.break_glass_minutes),
        review_by=at + timedelta(hours=values.break_glass_review_hours),
    )
    event = _record("open", glass, by=by, at=at, reason=reason, minor=glass.of_minor)
    telling.of_a_glass(glass, cause=event.pk, at=at)
    return glass


def _one_at_a_time(by: User, *, at: datetime) -> None:
    """End what is over by time; refuse where one is still open. The caller holds the account."""
    for glass in Glass.objects.select_for_update().filter(by=by, state=GlassState.OPEN):
        if glass.until > at:
            raise WrongState(_("您还有一份急诊查阅没有结束，请先结束它。"), code="one-at-a-time")
        _end(glass, by=None, at=at)


@transaction.atomic
def end_glass(glass: Glass, *, by: User, at: datetime) -> Glass:
    """Done sooner than the time is up. Again is no harm."""
    glass = selectors.locked_glass(glass)
    require(may_end_glass(by, glass), _("只能结束自己的急诊查阅。"))
    return _end(glass, by=by, at=at) if glass.state == GlassState.OPEN else glass


@transaction.atomic
def justify_glass(glass: Glass, *, by: User, at: datetime, why: str) -> Glass:
    """Another person of medical affairs finds the reason good."""
    return _review("justify", glass, by=by, at=at, why=why)


@transaction.atomic
def object_to_glass(glass: Glass, *, by: User, at: datetime, why: str) -> Glass:
    """… or does not: the patient is told, what follows is the hospital's to decide."""
    return _review("object", glass, by=by, at=at, why=why)


def _review(step: str, glass: Glass, *, by: User, at: datetime, why: str) -> Glass:
    glass = selectors.locked_glass(glass)
    require(may_review_glass(by, glass), _("由医务处的另一个人复核，不能复核自己的急诊查阅。"))
    if glass.state == GlassState.OPEN and glass.until <= at:
        _end(glass, by=None, at=at)
    why = prose(why, limit=REVIEW_NOTE)
    if not why:
        raise Refused(_("请写下复核意见，患者会看到结果。"), code="why-missing")
    before, glass.state = glass.state, GLASS.after(glass.state, step)
    glass.reviewed_at, glass.reviewer, glass.review_note = at, by, why
    glass.save(update_fields=["state", "reviewed_at", "reviewer", "review_note"])
    event = _record("review", glass, by=by, at=at, before=before, after=glass.state)
    telling.of_a_review(glass, cause=event.pk, at=at)
    return glass


@transaction.atomic
def sweep_glasses(*, at: datetime) -> int:
    """End what is over by time; raise an alarm, once, where a review is missing."""
    over = selectors.glasses_to_end(at).select_related("patient")
    late = selectors.overdue_reviews(at).filter(overdue_at=None).select_related("patient", "by")
    ended = [_end(each, by=None, at=at) for each in _free(over)]
    missed = [_overdue(each, at=at) for each in _free(late)]
    return len(ended) + len(missed)


def _free(rows: Any) -> list[Glass]:
    """Those that nobody else holds right now; the rest is swept the next time."""
    return list(rows.select_for_update(of=("self",), skip_locked=True)[:MOST])


def _end(glass: Glass, *, by: User | None, at: datetime) -> Glass:
    before, glass.state = glass.state, GLASS.after(glass.state, "end")
    glass.ended_at = min(at, glass.until)
    glass.save(update_fields=["state", "ended_at"])
    _record("end", glass, by=by, at=at, why="asked" if by else "time", before=before)
    return glass


def _overdue(glass: Glass, *, at: datetime) -> Glass:
    glass.overdue_at = at
    glass.save(update_fields=["overdue_at"])
    _record("overdue", glass, by=None, at=at, minor=glass.of_minor)
    audit.alarm(
        "break-glass-unreviewed",
        about=glass.patient.public_id,
        actor=glass.by.public_id,
        whose=str(glass.public_id),
        minor=glass.of_minor,
        at=at,
    )
    return glass


def _record(step: str, glass: Glass, *, by: User | None, at: datetime, **facts: Any) -> Any:
    return audit.record(
        f"break-glass.{step}",
        by=by,
        on=glass,
        about=glass.patient.public_id,
        at=at,
        glass=str(glass.public_id),
        **facts,
    )
