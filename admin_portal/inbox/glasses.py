"""Looks through break-glass that another person of medical affairs has to judge."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_portal import shown
from admin_portal.inbox.frame import Decided, Kind, Words, register
from admin_portal.inbox.telling import steps_of, told
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from patients import selectors
from patients.lifecycle import GlassState
from patients.models import Glass


def _theirs(user: User) -> QuerySet[Glass]:
    """Never who looked."""
    rows = Glass.objects.select_related("patient", "by", "reviewer").exclude(by=user)
    return rows if user.holds(Role.MEDICAL_AFFAIRS) else rows.none()


def _rows(user: User, at: datetime) -> QuerySet[Glass]:
    """Over, or over by now though nobody has said so yet."""
    over = Q(state=GlassState.ENDED) | Q(until__lte=at)
    return _theirs(user).filter(over, pk__in=selectors.to_review(at))


def _title(row: Glass) -> Words:
    return f"{row.by.name} · {row.get_reason_display()}"


def _notes(row: Glass, at: datetime) -> Iterator[Words]:
    if row.review_by <= at:
        yield _("已超过一天的复核时限，请马上复核。")


def _decided(row: Glass) -> Decided:
    return Decided(row.face, row.reviewer.name if row.reviewer else "", row.reviewed_at)


register(
    Kind(
        name="glass",
        label=gettext_lazy("急诊查阅复核"),
        access="admin.break-glass",
        asked_at="opened_at",
        rows=_rows,
        theirs=_theirs,
        title=_title,
        facts=told(
            Glass, "doctor", shown.patient, "of_minor", "reason", "told", "when", "looked", "due"
        ),
        notes=_notes,
        decided=_decided,
        steps=steps_of(Glass, "justify", "object"),
    )
)
