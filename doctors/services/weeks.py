"""A week of the roster, written once more: most weeks are like the one before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors.models import Clinician, Duty
from doctors.permissions import may_roster_kind
from doctors.selectors.duty import midnight, week_of
from hospital.accounts.models import User
from hospital.kernel.refusals import Refused, require

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Copied:
    """How many duties were written, and how many were left out: past, or in somebody's way."""

    written: int
    left_out: int


@transaction.atomic
def copy_week(kind: str, *, source: date, target: date, by: User, at: datetime) -> Copied:
    """Write the duties that begin in the week of `source` into the week of `target` too.

    Nobody comes to be on duty twice and nothing is written into the past, so again is no harm.
    The number of queries does not grow with the duties.
    """
    require(may_roster_kind(by, kind), _("只有医务处和所属的管理部门可以排班。"))
    (start, end), (aim, _end) = week_of(source), week_of(target)
    if aim <= start:
        raise Refused(_("只能复制到以后的星期。"), code="duty-week")
    found = Duty.objects.filter(
        clinician__kind=kind, starts_at__gte=midnight(start), starts_at__lt=midnight(end)
    )
    people = _held(found.values_list("clinician__user", flat=True))
    moved = [_moved(each, aim - start) for each in found.order_by("starts_at", "pk")]
    taken = _taken(people, moved)
    fresh: list[Duty] = []
    for duty in moved:
        others = taken.setdefault(people[duty.clinician_id], [])
        if duty.ends_at <= at or any(_overlap(duty, other) for other in others):
            continue
        others.append(duty)
        fresh.append(duty)
    Duty.objects.bulk_create(fresh)
    audit.record(
        "duty.copy",
        by=by,
        on=None,
        at=at,
        of=kind,
        source=start.isoformat(),
        target=aim.isoformat(),
        duties=[each.public_id.hex for each in fresh],
    )
    return Copied(len(fresh), len(moved) - len(fresh))


def _held(users: Iterable[int]) -> dict[int, int]:
    """Whose each post is; all posts of these people locked, in id order."""
    rows = Clinician.objects.select_for_update(of=("self",)).filter(user__in=users)
    return {each.pk: each.user_id for each in rows.order_by("pk")}


def _moved(duty: Duty, by: timedelta) -> Duty:
    return Duty(
        clinician_id=duty.clinician_id, starts_at=duty.starts_at + by, ends_at=duty.ends_at + by
    )


def _taken(people: dict[int, int], moved: list[Duty]) -> dict[int, list[Duty]]:
    """What these people have on already while the moved duties last, by person."""
    taken: dict[int, list[Duty]] = {}
    if moved:
        first = min(each.starts_at for each in moved)
        last = max(each.ends_at for each in moved)
        rows = Duty.objects.filter(clinician__in=people, starts_at__lt=last, ends_at__gt=first)
        for each in rows:
            taken.setdefault(people[each.clinician_id], []).append(each)
    return taken


def _overlap(one: Duty, other: Duty) -> bool:
    return one.starts_at < other.ends_at and one.ends_at > other.starts_at
