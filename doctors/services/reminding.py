"""A licence that will end is reminded of: 60, 30 and 7 days before, each once."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from audit import services as audit
from doctors import selectors
from doctors.lifecycle import State
from doctors.models import Credential
from hospital.kernel.calendar import local_date
from hospital.notifications.services import notify

DAYS: Final = (60, 30, 7)
LAST: Final = min(DAYS)  # then medical affairs are told too
_BATCH: Final = 500


def remind(*, at: datetime) -> int:
    """Remind whoever has to be. After days of silence one reminder is given, the most urgent."""
    today = local_date(at)
    due = Q()
    for days in DAYS:
        fresh = Q(reminded_days=None) | Q(reminded_days__gt=days)
        due |= fresh & Q(ends_on__lte=today + timedelta(days=days))
    found = Credential.objects.filter(due, state=State.APPROVED, ends_on__gte=today)
    return sum(_remind_of(credential, at=at) for credential in found.order_by("pk")[:_BATCH])


@transaction.atomic
def _remind_of(credential: Credential, *, at: datetime) -> bool:
    """Whether it was this call that did."""
    credential = selectors.locked_credential(credential)
    left = (credential.ends_on - local_date(at)).days
    days = min((each for each in DAYS if left <= each), default=None)
    reminded = credential.reminded_days
    if credential.state != State.APPROVED or left < 0 or days is None:
        return False
    if reminded is not None and reminded <= days:
        return False
    credential.reminded_days = days
    credential.save(update_fields=["reminded_days"])
    event = audit.record(
        "credential.remind",
        by=None,
        on=credential,
        at=at,
        clinician=credential.clinician.public_id.hex,
        days=days,
        left=left,
    )
    _tell(credential, left, days, at=at, cause=event.pk)
    return True


def _tell(credential: Credential, left: int, days: int, *, at: datetime, cause: int) -> None:
    holder = credential.clinician
    notify(
        holder.user,
        kind="credential.remind",
        title=gettext_noop("资质快要到期"),
        body=gettext_noop("您的执业资质还有 %(left)s 天到期，到期以后不能接诊和签名，请提前更新。"),
        names={"left": str(left)},
        at=at,
        link="/doctor/account/",
        cause=cause,
    )
    for user in selectors.medical_affairs() if days == LAST else ():
        notify(
            user,
            kind="credential.remind",
            title=gettext_noop("有资质快要到期"),
            body=gettext_noop("%(name)s的执业资质还有 %(left)s 天到期。"),
            names={"name": holder.name, "left": str(left)},
            at=at,
            link=f"/admin/doctors/credential/{credential.pk}/change/",
            cause=cause,
        )
