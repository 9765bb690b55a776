"""Who receives patients at this moment, why not, and when they are back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from doctors.models import Clinician, Hours, Leave
from hospital.kernel.calendar import BEIJING, local_date

_WEEK = 7


@dataclass(frozen=True)
class Availability:
    """`why` is empty for whoever receives; else `switch`, `leave` or `hours`.

    Above this room one more is known: `waiting`, as many wait as the doctor takes (`pause_at`).
    """

    is_receiving: bool
    why: str
    reply_minutes: int
    back_at: datetime | None = None  # where their own hours and leave tell it
    pause_at: int | None = None


def availability(clinicians: Iterable[Clinician], at: datetime) -> dict[int, Availability]:
    """By the clinicians' ids, in two queries however many they are."""
    rows, today = list(clinicians), local_date(at)
    ids = [row.pk for row in rows]
    hours: dict[int, list[Hours]] = {}
    for window in Hours.objects.filter(clinician__in=ids):
        hours.setdefault(window.clinician_id, []).append(window)
    leaves: dict[int, list[Leave]] = {}
    for leave in Leave.objects.filter(clinician__in=ids, ends_on__gte=today):
        leaves.setdefault(leave.clinician_id, []).append(leave)
    return {
        row.pk: available(row, hours.get(row.pk, ()), leaves.get(row.pk, ()), at) for row in rows
    }


def available(
    clinician: Clinician, hours: Sequence[Hours], leaves: Sequence[Leave], at: datetime
) -> Availability:
    """One clinician's, of the hours and leaves at hand."""
    why = ""
    if not clinician.is_receiving:
        why = "switch"
    elif _leave_on(local_date(at), leaves):
        why = "leave"
    elif hours and not _within(hours, at):
        why = "hours"
    back = _opens_next(hours, leaves, at) if why in ("leave", "hours") else None
    return Availability(not why, why, clinician.reply_minutes, back, clinician.pause_at)


def receiving_now(at: datetime) -> Q:
    """The same for a list of clinicians: switch on, not on leave, within the hours."""
    here = at.astimezone(BEIJING)
    minute, day = _minute(here), here.date()
    mine = Hours.objects.filter(clinician=OuterRef("pk"))
    now = mine.filter(weekday=here.isoweekday(), opens__lte=minute, closes__gt=minute)
    away = Leave.objects.filter(clinician=OuterRef("pk"), starts_on__lte=day, ends_on__gte=day)
    return Q(is_receiving=True) & ~Exists(away) & (Exists(now) | ~Exists(mine))


def hours_of(clinician: Clinician) -> QuerySet[Hours]:
    return Hours.objects.filter(clinician=clinician).order_by("weekday", "opens")


def leaves_of(clinician: Clinician, on: date) -> QuerySet[Leave]:
    """Those that are not over."""
    return Leave.objects.filter(clinician=clinician, ends_on__gte=on).order_by("starts_on")


def _within(hours: Sequence[Hours], at: datetime) -> bool:
    here = at.astimezone(BEIJING)
    minute, weekday = _minute(here), here.isoweekday()
    return any(each.weekday == weekday and each.opens <= minute < each.closes for each in hours)


def _leave_on(day: date, leaves: Sequence[Leave]) -> Leave | None:
    return next((each for each in leaves if each.starts_on <= day <= each.ends_on), None)


def _opens_next(hours: Sequence[Hours], leaves: Sequence[Leave], at: datetime) -> datetime | None:
    """The next moment within the hours and outside every leave."""
    here = at.astimezone(BEIJING)
    day, minute = here.date(), _minute(here)
    for _ in range(len(leaves) + _WEEK + 1):
        leave = _leave_on(day, leaves)
        if leave is not None:
            day, minute = leave.ends_on + timedelta(days=1), -1
            continue
        opens = [each.opens for each in hours if each.weekday == day.isoweekday()]
        later = sorted(each for each in opens if each > minute)
        if not hours or later:
            return _moment(day, later[0] if later else 0)
        day, minute = day + timedelta(days=1), -1
    return None


def _moment(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(), BEIJING) + timedelta(minutes=minute)


def _minute(here: datetime) -> int:
    return here.hour * 60 + here.minute
