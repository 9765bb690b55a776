"""What patients say is wrong in their records. Read only to be answered; the trail says by whom."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from admin_portal.inbox.frame import Decided, Fact, Kind, Words, register
from admin_portal.inbox.telling import steps_of
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from patients import services
from patients.lifecycle import CorrectionState
from patients.models import Correction


def _theirs(user: User) -> QuerySet[Correction]:
    rows = Correction.objects.select_related("patient", "answered_by").exclude(by=user)
    return rows if user.holds(Role.MEDICAL_AFFAIRS) else rows.none()


def _rows(user: User, _at: datetime) -> QuerySet[Correction]:
    return _theirs(user).filter(state=CorrectionState.ASKED)


def _title(row: Correction) -> Words:
    return said("%(day)s 前答复") % {"day": f"{row.due_on:%F}"}


def _facts(row: Correction) -> list[Fact]:
    return [Fact(_("申请更正"), row.what), Fact(_("最迟答复"), row.due_on)]


def _opened(row: Correction, *, by: User, at: datetime) -> None:
    services.note_read("record.read", row.patient, on=row, by=by, at=at, why="manage")


def _decided(row: Any) -> Decided:
    return Decided(row.face, row.answered_by.name if row.answered_by else "", row.answered_at)


register(
    Kind(
        name="correction",
        label=_("更正申请"),
        access="admin.corrections.answer",
        asked_at="at",
        rows=_rows,
        theirs=_theirs,
        title=_title,
        facts=_facts,
        opened=_opened,
        decided=_decided,
        steps=steps_of(Correction, "make", "refuse"),
    )
)
