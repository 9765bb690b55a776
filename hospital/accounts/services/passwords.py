"""Choosing a password: strong, not one of the last five, and every other session ends."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit import services as audit
from hospital.accounts import guesses
from hospital.accounts.models import FormerPassword, Sitting, User
from hospital.accounts.passwords import require_strong
from hospital.kernel import context
from hospital.kernel.refusals import Refused
from hospital.notifications import services as notifications


def change_password(request: HttpRequest, old: str, new: str, *, at: datetime) -> User:
    """One's own, by the old one; the door has asked for a fresh second factor. Not atomic: the
    guess at the old one is counted and committed first."""
    user = request.user
    assert isinstance(user, User)
    guess = (f"password:{user.public_id}", context.current().ip)
    guesses.count(guesses.SECRET, *guess, at=at)
    if not check_password(old, user.password):
        audit.note_failure("account.password-fail", by=user, at=at)
        raise Refused(_("原来的密码不对。"), code="password-wrong")
    guesses.forget(guesses.SECRET, *guess)
    with transaction.atomic():
        user = take_password(user, new, at=at, but_for=context.current().session)
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    return user


@transaction.atomic
def take_password(user: User, new: str, *, at: datetime, but_for: str = "") -> User:
    """Make `new` the password of `user`; every session ends, `but_for` the one of this digest."""
    user = User.objects.select_for_update().get(pk=user.pk)
    require_strong(new, user)
    mine = FormerPassword.objects.filter(user=user).order_by("-ended_at")
    earlier = list(mine[: settings.PASSWORDS_REMEMBERED - 1])
    if any(check_password(new, each) for each in (user.password, *_digests(earlier))):
        raise Refused(_("最近用过的五个密码不能再用，请换一个新的。"), code="password-used")
    if user.has_usable_password():
        FormerPassword.objects.create(user=user, password=user.password, ended_at=at)
    mine.exclude(pk__in=mine.values("pk")[: settings.PASSWORDS_REMEMBERED - 1]).delete()
    user.password, user.password_set_at = make_password(new), at
    user.save(update_fields=["password", "password_set_at"])
    ended, _rows = Sitting.objects.filter(user=user).exclude(pk=but_for).delete()
    audit.record("account.password", by=user, on=user, at=at, ended=ended)
    notifications.notify(
        user,
        kind="account.password",
        title=gettext_noop("密码已更换"),
        body=gettext_noop(
            "您的登录密码刚刚换过，其他设备都已退出。如果不是您本人，请马上联系医院。"
        ),
        at=at,
        link="/me/sittings/",
    )
    return user


def _digests(earlier: list[FormerPassword]) -> list[str]:
    return [each.password for each in earlier]
