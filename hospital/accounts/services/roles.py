"""Roles are given by two security administrators and taken by one. Nobody decides for oneself."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts import selectors
from hospital.accounts.lifecycle import LIFECYCLE, State
from hospital.accounts.models import RoleChange, User
from hospital.accounts.permissions import may_decide, may_give_roles, may_withdraw
from hospital.accounts.roles import STAFF, THREE_ADMINS
from hospital.kernel.normalise import reason
from hospital.kernel.refusals import NotAllowed, Refused, WrongState, require

_FOUNDED: Final = "opened with the account"


@transaction.atomic
def ask_role(user: User, role: str, *, by: Any, at: datetime, why: str) -> RoleChange:
    """Ask that `user` be given a role. Another security administrator decides."""
    user = selectors.locked(user)
    require(may_give_roles(by, user), _("角色由安全管理员授予，不能给自己授予。"))
    _require_fitting(user, role)
    if RoleChange.objects.filter(user=user, role=role, state=State.ASKED).exists():
        raise WrongState(_("这个角色已经有人申请了，等第二个人决定。"), code="role-asked")
    asked = RoleChange.objects.create(
        user=user, role=role, change="grant", why=reason(why), asked_by=by, asked_at=at
    )
    _record("role.ask", asked, by=by, at=at)
    return asked


@transaction.atomic
def grant(asked: RoleChange, *, by: Any, at: datetime) -> RoleChange:
    """Give the role that a colleague asked for."""
    asked = selectors.locked_change(asked)
    require(may_decide(by, asked), _("要由另一位安全管理员决定，申请人和本人都不行。"))
    decided = _decide("grant", asked, by=by, at=at)
    user = selectors.locked(asked.user)
    _require_fitting(user, asked.role)
    _move(user, [*user.roles, asked.role])
    return decided


@transaction.atomic
def refuse(asked: RoleChange, *, by: Any, at: datetime, why: str) -> RoleChange:
    """Say no to what a colleague asked for."""
    asked = selectors.locked_change(asked)
    require(may_decide(by, asked), _("要由另一位安全管理员决定，申请人和本人都不行。"))
    return _decide("refuse", asked, by=by, at=at, why=reason(why))


@transaction.atomic
def withdraw(asked: RoleChange, *, by: Any, at: datetime) -> RoleChange:
    """Take back what one asked for oneself."""
    asked = selectors.locked_change(asked)
    require(may_withdraw(by, asked), _("只有申请人可以撤回。"))
    return _decide("withdraw", asked, by=by, at=at)


@transaction.atomic
def revoke(user: User, role: str, *, by: Any, at: datetime, why: str) -> RoleChange:
    """Take a role away at once: what it opened is closed within seconds, sockets included."""
    user = selectors.locked(user)
    require(may_give_roles(by, user), _("角色由安全管理员收回，不能收回自己的。"))
    if role not in user.roles or role not in STAFF:
        raise WrongState(_("这个账号现在没有这个角色。"), code="role-not-held")
    taken = RoleChange.objects.create(
        user=user,
        role=role,
        change="revoke",
        state=State.DONE,
        why=reason(why),
        asked_by=by,
        asked_at=at,
        decided_by=by,
        decided_at=at,
    )
    _move(user, [each for each in user.roles if each != role])
    _record("role.revoke", taken, by=by, at=at)
    return taken


def first_roles(user: User, roles: Collection[str], *, at: datetime, why: str = "") -> None:
    """What a new account holds that the platform itself opens. In the caller's transaction."""
    for role in roles:
        RoleChange.objects.create(
            user=user,
            role=role,
            change="grant",
            state=State.DONE,
            why=why or _FOUNDED,
            asked_at=at,
            decided_at=at,
        )
    _move(user, [str(role) for role in roles])


def _decide(step: str, asked: RoleChange, *, by: Any, at: datetime, why: str = "") -> RoleChange:
    before = asked.state
    asked.state = LIFECYCLE.after(before, step)
    asked.decided_by, asked.decided_at, asked.decided_why = by, at, why
    asked.save(update_fields=["state", "decided_by", "decided_at", "decided_why", "xid"])
    _record(f"role.{step}", asked, by=by, at=at, before=before)
    return asked


def _require_fitting(user: User, role: str) -> None:
    """A role of staff, for an account of staff, that it does not hold, apart from the other two."""
    if role not in STAFF or user.username is None:
        raise Refused(_("只能给职工账号授予职工角色。"), code="role-unknown")
    if role in user.roles:
        raise WrongState(_("这个账号已经有这个角色了。"), code="role-held")
    if role in THREE_ADMINS and {*THREE_ADMINS}.intersection(user.roles):
        raise NotAllowed(_("系统、安全、审计三种管理员不能由一人兼任。"), code="three-admins")


def _move(user: User, roles: list[str]) -> None:
    user.roles = roles
    user.save(update_fields=["roles"])


def _record(kind: str, change: RoleChange, *, by: Any, at: datetime, **more: Any) -> None:
    user = str(change.user.public_id)
    audit.record(kind, by=by, on=change, at=at, user=user, role=change.role, **more)
