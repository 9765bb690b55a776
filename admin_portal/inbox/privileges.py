"""Privileges that are asked for, beside what their holder may do already."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_portal.inbox.frame import Decided, Fact, Kind, Line, Words, register
from admin_portal.inbox.telling import steps_of
from doctors import selectors
from doctors.lifecycle import PrivilegeState
from doctors.models import Privilege
from hospital.accounts.models import User
from hospital.kernel.calendar import local_date

_MOST: Final = 10  # lines of history


def _theirs(user: User) -> QuerySet[Privilege]:
    """Never one's own, and never what one asked for oneself."""
    hands = Q(asked_by=user) | Q(clinician__user=user)
    rows = selectors.privileges_visible_to(user).exclude(hands)
    return rows.select_related("clinician__department", "clinician__user", "decided_by")


def _rows(user: User, _at: datetime) -> QuerySet[Privilege]:
    return _theirs(user).filter(state=PrivilegeState.ASKED)


def _title(row: Privilege) -> Words:
    return f"{row.clinician.name} · {row.said}"


def _live(row: Privilege) -> Privilege | None:
    live = [PrivilegeState.GRANTED, PrivilegeState.SUSPENDED]
    return row.clinician.privileges.filter(kind=row.kind, state__in=live).first()


def _facts(row: Privilege) -> list[Fact]:
    now, who = _live(row), row.clinician
    return [
        Fact(_("权限"), row.said, now.said if now else None),
        Fact(_("从哪天起"), row.starts_on, now.starts_on if now else None),
        Fact(_("到哪天为止"), row.ends_on, now.ends_on if now else None),
        Fact(_("依据"), row.ground),
        Fact(_("科室"), who.department.name),
        Fact(_("职称"), who.get_title_display()),
    ]


def _history(row: Privilege) -> list[Line]:
    """What else was asked for and granted to the same person."""
    others = row.clinician.privileges.exclude(pk=row.pk).order_by("-asked_at", "-pk")
    return [
        Line(
            each.asked_at,
            _("%(what)s，到 %(until)s") % {"what": each.said, "until": f"{each.ends_on:%F}"},
            each.face,
        )
        for each in others[:_MOST]
    ]


def _notes(row: Privilege, at: datetime) -> Iterator[Words]:
    if row.ends_on < local_date(at):
        yield _("申请的日期已经过去，不能授予。请写明理由退回。")
    now = _live(row)
    if now is not None and now.state == PrivilegeState.SUSPENDED:
        yield _("原来的同一项权限已暂停，请先恢复或结束它。")


def _decided(row: Privilege) -> Decided:
    return Decided(row.face, row.decided_by.name if row.decided_by else "", row.decided_at)


register(
    Kind(
        name="privilege",
        label=gettext_lazy("权限申请"),
        access="admin.privileges",
        asked_at="asked_at",
        rows=_rows,
        theirs=_theirs,
        title=_title,
        facts=_facts,
        history=_history,
        notes=_notes,
        decided=_decided,
        steps=steps_of(Privilege, "grant", "refuse"),
    )
)
