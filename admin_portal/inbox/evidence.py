"""Papers of other hospitals, for the outpatient office; doctors have a page of their own."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from admin_portal.inbox.frame import Decided, Document, Fact, Kind, Words, register
from admin_portal.inbox.telling import steps_of
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.kernel.normalise import masked_name
from patients import colleagues, selectors, services
from patients.lifecycle import EvidenceState
from patients.models import Evidence


def _theirs(user: User) -> QuerySet[Evidence]:
    rows = selectors.reviewable_by(user)
    return rows if user.holds(Role.OUTPATIENT_OFFICE) else rows.none()


def _rows(user: User, _at: datetime) -> QuerySet[Evidence]:
    return _theirs(user).filter(state=EvidenceState.SUBMITTED)


def _title(row: Evidence) -> Words:
    return f"{masked_name(row.patient.name)} · {row.get_kind_display()}"


def _facts(row: Evidence) -> list[Fact]:
    place = dict(colleagues.directory().departments()).get(row.department, row.department)
    return [
        Fact(_("患者"), row.patient.name),
        Fact(_("出生日期"), row.patient.birth_date),
        Fact(_("种类"), row.get_kind_display()),
        Fact(_("想去的科室"), place),
        Fact(_("患者的话"), row.note),
    ]


def _papers(row: Evidence) -> list[Document]:
    pages = row.pages.select_related("file").order_by("pk")
    return [
        Document(said("第 %(n)s 页") % {"n": number}, page.file)
        for number, page in enumerate(pages, 1)
    ]


def _opened(row: Evidence, *, by: User, at: datetime) -> None:
    services.note_read("record.read", row.patient, on=row, by=by, at=at, why="review")


def _decided(row: Any) -> Decided:
    by = row.reviewer.name if row.reviewer else ""
    return Decided(row.face, by, row.reviewed_at or row.ended_at)


register(
    Kind(
        name="evidence",
        label=_("外院病历"),
        access="admin.evidence.decide",
        asked_at="at",
        rows=_rows,
        theirs=_theirs,
        title=_title,
        facts=_facts,
        papers=_papers,
        opened=_opened,
        decided=_decided,
        steps=steps_of(Evidence, "confirm", "refuse"),
    )
)
