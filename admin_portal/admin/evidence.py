"""外院病历 that the outpatient office helps to review. The table tells nothing of an illness."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from admin_portal import shown
from admin_portal.deciding import Deciding, Step
from admin_portal.listing import by_state
from admin_portal.paper_forms import PaperForm
from admin_portal.site import site
from hospital.kernel.normalise import masked_name
from patients import colleagues, selectors, services
from patients.lifecycle import EVIDENCE, EvidenceState
from patients.models import Evidence

DECIDE = "admin.evidence.decide"


def _waits(paper: Evidence) -> bool:
    return bool(paper.state == EvidenceState.SUBMITTED)


def _stands(paper: Evidence) -> bool:
    return bool(paper.state == EvidenceState.CONFIRMED)


@admin.register(Evidence, site=site)
class Papers(Deciding):
    access = "admin.evidence"
    related = ("patient", "reviewer")
    list_display = ("public_id", shown.patient, shown.state, "place", "at", "seen_by")
    list_filter = (by_state(EVIDENCE),)
    search_fields = ("public_id",)
    shows = (
        "public_id",
        shown.patient,
        shown.state,
        "paper_kind",
        "place",
        "at",
        "files",
        "seen_by",
        "expires_on",
        "ended_at",
    )
    steps = (
        Step(
            "confirm",
            _("确认"),
            _("病历真实、写明了诊断时确认。这个诊断从此可以作为复诊依据，患者会收到通知。"),
            DECIDE,
            services.confirm_evidence,
            _waits,
            asks_why=False,
            asks=PaperForm,
        ),
        Step(
            "refuse",
            _("不通过"),
            _("请写清缺什么、怎么办，患者会看到。"),
            DECIDE,
            services.refuse_evidence,
            _waits,
            grave=True,
        ),
        Step(
            "revoke",
            _("撤销"),
            _("确认错了时撤销：马上不再作数，已经下单还没接诊的会被拒绝并可退费。患者会看到理由。"),
            DECIDE,
            services.revoke_evidence,
            _stands,
            grave=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        """Never of oneself or one's family."""
        mine = selectors.reviewable_by(request.user).values("pk")
        found: QuerySet[Evidence] = super().get_queryset(request).filter(pk__in=mine)
        return found

    def opened(self, row: Evidence, *, by: Any, at: datetime) -> None:
        services.note_read("record.read", row.patient, on=row, by=by, at=at, why="review")

    def about(self, row: Evidence) -> str:
        return f"{masked_name(row.patient.name)} {row.get_kind_display()}"

    @admin.display(description=_("种类"))
    def paper_kind(self, row: Evidence) -> str:
        return row.get_kind_display()

    @admin.display(description=_("想去的科室"))
    def place(self, row: Evidence) -> str:
        return dict(colleagues.directory().departments()).get(row.department, row.department)

    @admin.display(description=_("审核人"))
    def seen_by(self, row: Evidence) -> str:
        return row.reviewer.name if row.reviewer else shown.NOTHING

    @admin.display(description=_("病历"))
    def files(self, row: Evidence) -> str:
        links = [
            (reverse("files:read", args=[page.file.public_id]), said("第 %(n)s 页") % {"n": number})
            for number, page in enumerate(row.pages.select_related("file").order_by("pk"), 1)
        ]
        return format_html_join(" ", '<a class="button" href="{}">{}</a>', links)
