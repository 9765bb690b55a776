"""Who is on duty, who will be."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from doctors.models import Clinician, Duty
from doctors.selectors.people import in_force
from doctors.selectors.privileges import holding
from hospital.accounts.models import User
from hospital.kernel.calendar import BEIJING, local_date


def on_duty(kind: str, at: datetime) -> QuerySet[Clinician]:
    """Who of this kind is rostered at `at` and may do the work: a pharmacist, review (R-35)."""
    there = Duty.objects.filter(starts_at__lte=at, ends_at__gt=at)
    return _able(kind, local_date(at)).filter(pk__in=there.values("clinician"))


def _able(kind: str, on: date) -> QuerySet[Clinician]:
    rows = Clinician.objects.filter(
        in_force(on), kind=kind, user__is_active=True, user__roles__contains=[kind]
    )
    return rows.filter(holding("review", on)) if kind == "pharmacist" else rows


def pharmacist_on_duty(at: datetime) -> bool:
    return on_duty("pharmacist", at).exists()


def week_of(day: date) -> tuple[date, date]:
    """The Monday of that week, and the next one."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=7)


def midnight(day: date) -> datetime:
    """The moment at which this day begins in Beijing."""
    return datetime.combine(day, time.min, BEIJING)


def duties_in_week(kind: str, day: date) -> QuerySet[Duty]:
    """Every duty of this kind that lasts into the week of `day`, with whose it is."""
    start, end = week_of(day)
    rows = Duty.objects.filter(
        clinician__kind=kind, starts_at__lt=midnight(end), ends_at__gt=midnight(start)
    )
    return rows.select_related("clinician__department").order_by("starts_at", "pk")


def rostered(kind: str) -> QuerySet[Clinician]:
    """Whom one may put on the roster: everybody of this kind whose account stands."""
    rows = Clinician.objects.filter(kind=kind, user__is_active=True)
    return rows.select_related("department").order_by("department__order", "pk")


def own_duties(user: User, at: datetime) -> QuerySet[Duty]:
    """What this person has before them, the running one first."""
    rows = Duty.objects.filter(clinician__user=user, ends_at__gt=at)
    return rows.select_related("clinician__department").order_by("starts_at", "pk")
