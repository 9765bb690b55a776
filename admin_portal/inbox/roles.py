"""Roles that a colleague asked for, for somebody else."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from admin_portal.inbox.frame import Decided, Kind, Words, register
from admin_portal.inbox.telling import steps_of, told
from hospital.accounts.lifecycle import State
from hospital.accounts.models import RoleChange, User
from hospital.accounts.roles import Role


def _theirs(user: User) -> QuerySet[RoleChange]:
    """The second person's: neither who asked nor whom it concerns."""
    rows = RoleChange.objects.select_related("user", "asked_by", "decided_by")
    if not user.holds(Role.SECURITY_ADMIN):
        return rows.none()
    return rows.exclude(Q(asked_by=user) | Q(user=user)).filter(asked_by__isnull=False)


def _rows(user: User, _at: datetime) -> QuerySet[RoleChange]:
    return _theirs(user).filter(state=State.ASKED)


def _title(row: RoleChange) -> Words:
    return f"{row.user} · {row.role_label}"


def _decided(row: RoleChange) -> Decided:
    return Decided(row.face, str(row.decided_by or ""), row.decided_at)


register(
    Kind(
        name="role",
        label=_("角色申请"),
        access="admin.roles",
        asked_at="asked_at",
        rows=_rows,
        theirs=_theirs,
        title=_title,
        facts=told(RoleChange, "whose", "shown_role", "shown_change", "reason", "asker"),
        decided=_decided,
        steps=steps_of(RoleChange, "grant", "refuse"),
    )
)
