"""Accounts of staff: opened, closed, opened again."""

import re
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import Sitting, User
from hospital.accounts.permissions import may_keep_accounts
from hospital.accounts.roles import STAFF, THREE_ADMINS
from hospital.accounts.services.roles import first_roles
from hospital.kernel import normalise
from hospital.kernel.refusals import NotAllowed, Refused, require

_AT_ONCE: Final = 100  # accounts in one transaction; the next run takes the rest
_USERNAME: Final = re.compile(r"[a-z][a-z0-9_.-]{0,63}")


@transaction.atomic
def add_staff(
    username: str,
    *,
    name: str,
    roles: list[str],
    by: Any,
    at: datetime,
    password: str = "",
    demo: bool = False,
    why: str = "",
) -> User:
    """Open an account for a member of staff, who then chooses a password and enrols a factor.

    Nobody chooses another's password: only the platform itself (`by=None`) may give one, for
    the demonstration and for tests. Nor does one person give roles: an account that a system
    administrator opens holds none; the platform itself opens the first ones with theirs, and says
    `why`: the number of the import that two people stand for.
    """
    if by is not None:
        require(may_keep_accounts(by), _("只有系统管理员可以开账号。"))
        require(not roles, _("角色由两位安全管理员授予。"), code="roles-by-two")
    if password and by is not None:
        raise NotAllowed(_("密码只能由本人设置。"), code="password-of-another")
    if not STAFF.issuperset(roles) or (by is None and not roles):
        raise Refused(_("职工账号至少要有一个职工角色。"), code="role-unknown")
    if len({*THREE_ADMINS}.intersection(roles)) > 1:
        raise NotAllowed(_("系统、安全、审计三种管理员不能由一人兼任。"), code="three-admins")
    username = _username(username)
    user = User.objects.create(
        username=username,
        name=normalise.name(name),
        password=make_password(password or None),
        password_set_at=at if password else None,
        is_demo=demo,
    )
    first_roles(user, roles, at=at, why=why)
    audit.record("account.add", by=by, on=user, at=at, roles=sorted(roles))
    return user


@transaction.atomic
def disable(user: User, *, by: User, at: datetime, why: str) -> User:
    """Close an account at once: no sign-in, no session, no socket."""
    require(may_keep_accounts(by), _("只有系统管理员可以停用账号。"))
    require(by.pk != user.pk, _("不能停用自己的账号。"))
    return _close(user, by=by, at=at, why=why)


def _close(user: User, *, by: User | None, at: datetime, why: str) -> User:
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = False
    user.save(update_fields=["is_active"])
    Sitting.objects.filter(user=user).delete()
    audit.record(
        "account.disable", by=by, on=user, at=at, before="active", after="disabled", why=why[:60]
    )
    return user


@transaction.atomic
def close_unused(*, at: datetime) -> int:
    """Accounts of staff that nobody has signed in with for ninety days (8.1.4.2 c); the
    demonstration's stay. A system administrator opens them again. Returns how many."""
    staff = User.objects.exclude(username=None).filter(is_active=True, is_demo=False)
    used = staff.annotate(used_at=Greatest(Coalesce("last_login", "joined_at"), "reopened_at"))
    unused = used.filter(used_at__lte=at - timedelta(days=settings.UNUSED_DAYS)).order_by("pk")
    closed = [_close(user, by=None, at=at, why="unused") for user in unused[:_AT_ONCE]]
    return len(closed)


@transaction.atomic
def enable(user: User, *, by: User, at: datetime, why: str) -> User:
    """Open a closed account again; its owner has to sign in anew."""
    require(may_keep_accounts(by), _("只有系统管理员可以恢复账号。"))
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active, user.reopened_at = True, at
    user.save(update_fields=["is_active", "reopened_at"])
    audit.record(
        "account.enable", by=by, on=user, at=at, before="disabled", after="active", why=why[:60]
    )
    return user


@transaction.atomic
def end_sittings(user: User, *, by: User, at: datetime, why: str) -> int:
    """End every session of a person, e.g. when a telephone was lost; returns how many."""
    require(may_keep_accounts(by), _("只有系统管理员可以结束别人的登录。"))
    ended, _rows = Sitting.objects.filter(user=user).delete()
    audit.record("account.end-sittings", by=by, on=user, at=at, ended=ended, why=why[:60])
    return ended


def _username(typed: str) -> str:
    """Small letters, digits, dot and dash; nobody else's."""
    username = normalise.folded(typed).casefold()
    if not _USERNAME.fullmatch(username):
        raise Refused(
            _("账号名用小写字母和数字，最多 64 个，以字母开头。"), code="username-malformed"
        )
    if User.objects.filter(username=username).exists():
        raise Refused(_("这个账号名已经有人用了，请换一个。"), code="username-taken")
    return username
