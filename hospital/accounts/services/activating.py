"""Activation: a link by which a person sets their own password and second factor.

Nobody chooses another's. The token is shown once and kept as a digest; it is good once and for a
day. A forgotten password is replaced on proof of the second factor and a lost factor on proof of
the password; whoever lost both is opened anew, which only a security administrator may begin.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import pyotp
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts import factors, guesses, selectors
from hospital.accounts.models import Activation, Factor, Passkey, Sitting, User
from hospital.accounts.roles import Role
from hospital.accounts.services.passwords import take_password
from hospital.kernel import context
from hospital.kernel.refusals import Refused, WrongState, require

_RANDOM: Final = 24  # bytes of the token: 192 bits


def address_of(token: str) -> str:
    """The link. The token stands behind `#`, so that no server, log or referrer sees it."""
    return f"{settings.PUBLIC_URL}/activate/#{token}"


@transaction.atomic
def invite(
    user: User, *, by: User | None, at: datetime, kind: str = Activation.OPEN, why: str = ""
) -> str:
    """The token of a fresh link for `user`; earlier ones no longer open anything.

    A system administrator begins a new account; a lost factor or a forgotten password is for a
    security administrator, with a reason, and ends every session at once. `by=None` is the
    platform itself, for the very first people.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    _require_may_invite(user, by, kind, why)
    Activation.objects.filter(user=user, used_at=None).delete()
    token = secrets.token_urlsafe(_RANDOM)
    activation = Activation.objects.create(
        user=user,
        kind=kind,
        digest=_digest(token),
        secret="" if kind == Activation.PASSWORD else pyotp.random_base32(),
        made_at=at,
        made_by=by,
        expires_at=at + timedelta(hours=settings.ACTIVATION_HOURS),
    )
    ended, _rows = Sitting.objects.filter(user=user).delete()
    _forget_what_was_lost(user, kind)
    audit.record(
        "account.invite", by=by, on=user, at=at, what=kind, why=why[:60], ended=ended,
        activation=str(activation.public_id),
    )  # fmt: skip
    return token


def _require_may_invite(user: User, by: User | None, kind: str, why: str) -> None:
    require(user.has_password and user.is_active, _("只有职工的有效账号可以开通。"))
    if by is None:
        return
    require(by.pk != user.pk, _("不能给自己发开通链接。"))
    is_new = user.password_set_at is None and kind == Activation.OPEN
    if not (is_new and by.holds(Role.SYSTEM_ADMIN)):
        require(by.holds(Role.SECURITY_ADMIN), _("重置登录方式由安全管理员办理。"))
    if not is_new and not why.strip():
        raise Refused(_("请写明原因。"), code="why-needed")


def _forget_what_was_lost(user: User, kind: str) -> None:
    """A lost authenticator opens nothing from now on; of two lost things neither does."""
    if kind == Activation.PASSWORD:
        return
    Factor.objects.filter(user=user).delete()
    Passkey.objects.filter(user=user).delete()
    user.factor_set_at = None
    if kind == Activation.OPEN:
        user.password = make_password(None)
    user.save(update_fields=["factor_set_at", "password"])


def activation_of(token: str, *, at: datetime) -> Activation:
    """What this link sets; refused where it is unknown, used or older than a day."""
    guesses.count(guesses.LINK, context.current().ip, at=at)
    found = Activation.objects.filter(
        digest=_digest(token.strip()), used_at=None, expires_at__gt=at
    ).first()
    if found is None:
        audit.note_failure("account.activate-fail", by=None, at=at)
        raise _gone()
    return found


def activate(
    activation: Activation,
    *,
    at: datetime,
    password: str,
    otp: str,
    old_password: str = "",
) -> User:
    """Set what the link is for. Not atomic: a guess at what still proves is counted first.

    `otp` is a code of the authenticator that is offered, or for a forgotten password of the old.
    """
    user = activation.user
    guess = (f"activate:{activation.public_id}", context.current().ip)
    guesses.count(guesses.SECRET, *guess, at=at)
    try:
        user = _activate(activation, at=at, password=password, otp=otp, old_password=old_password)
    except _NotProven:
        audit.note_failure("account.activate-fail", by=user, at=at)
        raise
    guesses.forget(guesses.SECRET, *guess)
    return user


@transaction.atomic
def _activate(
    activation: Activation, *, at: datetime, password: str, otp: str, old_password: str
) -> User:
    """One of any number at once gets through: the row is locked, and spent with the change."""
    user = selectors.locked(activation.user)
    row = selectors.locked_activation(activation)
    if row.used_at is not None or row.expires_at <= at or not user.is_active:
        raise _gone()
    row.used_at = at
    row.save(update_fields=["used_at"])
    _SETTING[row.kind](row, user, at, password, otp, old_password)
    audit.record("account.activate", by=user, on=row, at=at, what=row.kind)
    return User.objects.get(pk=user.pk)


def _open(row: Activation, user: User, at: datetime, new: str, otp: str, _old: str) -> None:
    _take_factor(row, user, otp, at=at)
    take_password(user, new, at=at)


def _password(_row: Activation, user: User, at: datetime, new: str, otp: str, _old: str) -> None:
    if not factors.accept(user, otp, at=at):
        raise _NotProven(_("动态码不对，或已经用过，请等下一个。"), code="otp-wrong")
    take_password(user, new, at=at)


def _factor(row: Activation, user: User, at: datetime, _new: str, otp: str, old: str) -> None:
    if not check_password(old, user.password):
        raise _NotProven(_("原来的密码不对。"), code="password-wrong")
    _take_factor(row, user, otp, at=at)


_SETTING: Final[dict[str, Callable[[Activation, User, datetime, str, str, str], None]]] = {
    Activation.OPEN: _open,
    Activation.PASSWORD: _password,
    Activation.FACTOR: _factor,
}


def _take_factor(row: Activation, user: User, otp: str, *, at: datetime) -> None:
    if not factors.take(user, str(row.secret), otp, at=at):
        raise _NotProven(_("动态码不对：请用刚绑定的认证器，填现在的 6 位数字。"), code="otp-wrong")


class _NotProven(Refused):
    """A guess at something secret that failed; it is noted, the change undone."""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _gone() -> WrongState:
    return WrongState(
        _("这个开通链接已用过或已失效。请联系医院信息中心，重新要一个。"), code="link-gone"
    )
