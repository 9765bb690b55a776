"""Visits that wait for a colleague, for the outpatient office, who may end the wait."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_portal import shown
from admin_portal.inbox.frame import Decided, Kind, Words, register
from admin_portal.inbox.telling import steps_of, told
from hospital.accounts.models import User
from hospital.consultations import selectors
from hospital.consultations.models import Handover
from hospital.consultations.permissions import may_end_handover


def _theirs(user: User) -> QuerySet[Handover]:
    rows = Handover.objects.select_related(
        "consultation__patient", "former__department", "taken_by"
    )
    return rows if may_end_handover(user) else rows.none()


def _rows(user: User, _at: datetime) -> QuerySet[Handover]:
    return _theirs(user).filter(state="asked")


def _title(row: Handover) -> Words:
    return f"{row.former.name} · {row.former.department.name}"


def _notes(row: Handover, at: datetime) -> Iterator[Words]:
    if not selectors.colleagues_for(row, at).exists():
        yield _("同科室现在没有开着接诊的医生，请联系科室，或转线下并退款。")


def _decided(row: Handover) -> Decided:
    return Decided(
        row.face, row.taken_by.name if row.taken_by else "", row.taken_at or row.ended_at
    )


register(
    Kind(
        name="handover",
        label=gettext_lazy("问诊交接"),
        access="admin.handovers",
        asked_at="asked_at",
        rows=_rows,
        theirs=_theirs,
        title=_title,
        facts=told(Handover, "former", "department", shown.state, "patient", "asked_at", "until"),
        notes=_notes,
        decided=_decided,
        steps=steps_of(Handover, "end"),
    )
)
