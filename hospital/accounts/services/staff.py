"""Accounts of staff: opened, closed, opened again."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import Sitting, User
from hospital.accounts.roles import STAFF, THREE_ADMINS, Role
from hospital.kernel.refusals import NotAllowed, Refused, require


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
) -> User:
    """Open an account for a member of staff, who then chooses a password and enrols a factor.

    Nobody chooses another's password: only the platform itself (`by=None`) may give one, for
    the demonstration and for tests.
    """
    if password and by is not None:
        raise NotAllowed(_("密码只能由本人设置。"), code="password-of-another")
    if not STAFF.issuperset(roles) or not roles:
        raise Refused(_("职工账号至少要有一个职工角色。"), code="role-unknown")
    if len({*THREE_ADMINS}.intersection(roles)) > 1:
        raise NotAllowed(_("系统、安全、审计三种管理员不能由一人兼任。"), code="three-admins")
    user = User.objects.create(
        username=username.casefold(),
        name=name,
        password=make_password(password or None),
        password_set_at=at if password else None,
        roles=roles,
        is_demo=demo,
    )
    audit.record("account.add", by=by, on=user, at=at, roles=sorted(roles))
    return user


@transaction.atomic
def disable(user: User, *, by: User, at: datetime, why: str) -> User:
    """Close an account at once: no sign-in, no session, no socket."""
    require(by.holds(Role.SYSTEM_ADMIN), _("只有系统管理员可以停用账号。"))
    require(by.pk != user.pk, _("不能停用自己的账号。"))
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = False
    user.save(update_fields=["is_active"])
    Sitting.objects.filter(user=user).delete()
    audit.record(
        "account.disable", by=by, on=user, at=at, before="active", after="disabled", why=why[:60]
    )
    return user


@transaction.atomic
def enable(user: User, *, by: User, at: datetime, why: str) -> User:
    """Open a closed account again; its owner has to sign in anew."""
    require(by.holds(Role.SYSTEM_ADMIN), _("只有系统管理员可以恢复账号。"))
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(
        "account.enable", by=by, on=user, at=at, before="disabled", after="active", why=why[:60]
    )
    return user
