"""When a doctor receives: hours of every week, and days of leave."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors.models import Clinician, Hours, Leave
from doctors.services.offering import held
from hospital.accounts.models import User
from hospital.kernel.calendar import local_date
from hospital.kernel.normalise import whole
from hospital.kernel.refusals import Refused, WrongState


@transaction.atomic
def set_hours(
    clinician: Clinician,
    *,
    weekday: int,
    opens: int,
    closes: int,
    is_open: bool,
    by: User,
    at: datetime,
) -> None:
    """Receive within these minutes of every such weekday (1 is Monday), or no more.

    Setting what is already so is no harm; windows of a day do not overlap.
    """
    clinician = held(clinician, by=by)
    whole(weekday, low=1, high=7)
    whole(opens, low=0, high=Hours.DAY - 1)
    whole(closes, low=1, high=Hours.DAY)
    if closes <= opens:
        raise Refused(_("结束时间应在开始时间以后；过夜请分成两段。"), code="hours-order")
    the_day = clinician.hours.filter(weekday=weekday)
    same = the_day.filter(opens=opens, closes=closes)
    if same.exists() == is_open:
        return
    if is_open:
        if the_day.filter(opens__lt=closes, closes__gt=opens).exists():
            raise WrongState(_("和这一天已有的时段重叠了。"), code="hours-overlap")
        Hours.objects.create(clinician=clinician, weekday=weekday, opens=opens, closes=closes)
    else:
        same.delete()
    audit.record(
        "hours.set",
        by=by,
        on=clinician,
        at=at,
        weekday=weekday,
        opens=opens,
        closes=closes,
        is_open=is_open,
    )


@transaction.atomic
def take_leave(
    clinician: Clinician, *, starts_on: date, ends_on: date, by: User, at: datetime
) -> Leave:
    """Be away on these days, both included. It takes effect at once where it begins today."""
    clinician, today = held(clinician, by=by), local_date(at)
    if not today <= starts_on <= ends_on <= today + timedelta(days=Leave.LONGEST):
        raise Refused(_("休假从今天或以后开始，结束不早于开始，最远一年。"), code="leave-dates")
    if clinician.leaves.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise WrongState(_("这几天已经登记过休假。"), code="leave-overlap")
    leave = Leave.objects.create(clinician=clinician, starts_on=starts_on, ends_on=ends_on)
    _tell("leave.take", leave, by=by, at=at)
    return leave


@transaction.atomic
def cancel_leave(leave: Leave, *, by: User, at: datetime) -> None:
    """Be there again on the days that are left of it. Of what has begun, the past stays."""
    held(leave.clinician, by=by)
    found = Leave.objects.filter(pk=leave.pk).first()
    if found is None:
        return
    today = local_date(at)
    if found.starts_on < today <= found.ends_on:
        found.ends_on = today - timedelta(days=1)
        found.save(update_fields=["ends_on"])
    elif found.starts_on >= today:
        found.delete()
    else:
        raise WrongState(_("这次休假已经结束。"), code="leave-over")
    _tell("leave.cancel", leave, by=by, at=at)


def _tell(step: str, leave: Leave, *, by: User, at: datetime) -> None:
    audit.record(
        step,
        by=by,
        on=leave.clinician,
        at=at,
        starts_on=leave.starts_on.isoformat(),
        ends_on=leave.ends_on.isoformat(),
    )
