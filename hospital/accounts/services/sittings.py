"""Ending sessions."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit import services as audit
from hospital.accounts import selectors
from hospital.accounts.models import Sitting, User
from hospital.kernel.refusals import require
from hospital.notifications import services as notifications


def sign_out(request: HttpRequest, *, at: datetime) -> None:
    """End this session; its open sockets follow within seconds."""
    user = request.user
    if isinstance(user, User):
        with transaction.atomic():
            audit.record("account.sign-out", by=user, on=user, at=at)
    logout(request)


def end_the_oldest(user: User, *, but_for: str, at: datetime) -> int:
    """Staff sit in few places at once: the oldest ends, and its owner is told (8.1.4.1 b).

    In the caller's transaction. The account is locked, so that two sign-ins at once count both.
    """
    if not user.has_password:
        return 0
    User.objects.select_for_update().get(pk=user.pk)
    others = list(selectors.sittings_of(user).exclude(pk=but_for)[: settings.SITTINGS_AT_ONCE * 9])
    too_many = others[settings.SITTINGS_AT_ONCE - 1 :]
    for sitting in too_many:
        audit.record("account.end-sitting", by=None, on=sitting, at=at, why="too-many")
    if too_many:
        Sitting.objects.filter(pk__in=[each.pk for each in too_many]).delete()
        notifications.notify(
            user,
            kind="account.end-sitting",
            title=gettext_noop("较早的登录已退出"),
            body=gettext_noop(
                "同时登录的设备太多，最早的一台已经退出。如果不是您本人，请马上换密码。"
            ),
            at=at,
            link="/me/sittings/",
        )
    return len(too_many)


@transaction.atomic
def end_others(user: User, *, but_for: str, at: datetime) -> int:
    """End all of one's own sessions but this one; returns how many."""
    ended, _rows = Sitting.objects.filter(user=user).exclude(pk=but_for).delete()
    audit.record("account.end-others", by=user, on=user, at=at, ended=ended)
    return ended


@transaction.atomic
def end_sitting(sitting: Sitting, *, by: User, at: datetime) -> None:
    """End one of one's own sessions elsewhere."""
    require(sitting.user_id == by.pk, _("只能退出自己的登录。"))
    audit.record("account.end-sitting", by=by, on=sitting, at=at)
    sitting.delete()
