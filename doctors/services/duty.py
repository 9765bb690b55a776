"""Who is on duty when. What has been stays; what is to come may be cancelled or shortened."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors.models import Clinician, Duty
from doctors.permissions import may_roster
from hospital.accounts.models import User
from hospital.kernel.refusals import Refused, WrongState, require

LONGEST: Final = timedelta(days=366)  # beyond that it is a slip of the pen


@transaction.atomic
def roster(
    clinician: Clinician, *, starts_at: datetime, ends_at: datetime, by: User, at: datetime
) -> Duty:
    """Put somebody on duty. Nobody is on duty twice at the same time, in whichever profession."""
    clinician = _held(clinician)
    _require_office(by, clinician)
    if ends_at <= starts_at or ends_at - starts_at > LONGEST:
        raise Refused(_("下班时间应在上班时间以后，请核对日期。"), code="duty-times")
    if ends_at <= at:
        raise Refused(_("只能排今后的班，已经过去的时间不能补排。"), code="duty-past")
    if clashing(clinician, starts_at, ends_at):
        raise WrongState(_("这段时间已经排过班。"), code="duty-overlap")
    duty = Duty.objects.create(clinician=clinician, starts_at=starts_at, ends_at=ends_at)
    _record("roster", duty, by=by, at=at)
    return duty


@transaction.atomic
def shorten(duty: Duty, *, ends_at: datetime, by: User, at: datetime) -> Duty:
    """Let a duty end earlier: not before now, since what has been worked stands."""
    duty = locked_duty(duty, by=by)
    if duty.ends_at <= at:
        raise WrongState(_("这个班已经结束，不能再改。"), code="duty-over")
    if not max(duty.starts_at, at) <= ends_at < duty.ends_at or ends_at == duty.starts_at:
        raise Refused(_("新的下班时间应在现在以后、原来的下班时间以前。"), code="duty-times")
    before, duty.ends_at = duty.ends_at, ends_at
    duty.save(update_fields=["ends_at"])
    _record("shorten", duty, by=by, at=at, until=before.isoformat())
    return duty


@transaction.atomic
def cancel_duty(duty: Duty, *, by: User, at: datetime) -> None:
    """Take a duty off the roster that has not begun; the trail keeps that it stood there."""
    duty = locked_duty(duty, by=by)
    if duty.starts_at <= at:
        raise WrongState(_("这个班已经开始，请改为提前下班。"), code="duty-begun")
    _record("cancel", duty, by=by, at=at)
    duty.delete()


def locked_duty(duty: Duty, *, by: User) -> Duty:
    """The duty as it stands, its person held; gone where somebody has just cancelled it."""
    clinician = _held(duty.clinician)
    _require_office(by, clinician)
    fresh = Duty.objects.select_related("clinician").filter(pk=duty.pk).first()
    if fresh is None:
        raise WrongState(_("这个班刚刚被取消了，请刷新页面。"), code="duty-gone")
    return fresh


def clashing(clinician: Clinician, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether this person, as a doctor or as a pharmacist, is on duty at some time in between."""
    of_person = Duty.objects.filter(clinician__user=clinician.user_id)
    return of_person.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists()


def _held(clinician: Clinician) -> Clinician:
    """Locked with the same person's other post, in id order."""
    rows = Clinician.objects.select_for_update(of=("self",)).filter(user=clinician.user_id)
    return {each.pk: each for each in rows.order_by("pk")}[clinician.pk]


def _require_office(by: User, clinician: Clinician) -> None:
    require(may_roster(by, clinician), _("只有医务处和所属的管理部门可以排班。"))


def _record(step: str, duty: Duty, *, by: User, at: datetime, **facts: Any) -> None:
    audit.record(
        f"duty.{step}",
        by=by,
        on=duty,
        at=at,
        clinician=duty.clinician.public_id.hex,
        starts_at=duty.starts_at.isoformat(),
        ends_at=duty.ends_at.isoformat(),
        **facts,
    )
