"""Medical affairs answer for texts, seals and corrections: 知情同意书, 封存, 更正申请."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from admin_portal import shown
from admin_portal.base import Looking, Rows
from admin_portal.deciding import Deciding, Step
from admin_portal.listing import by_state
from admin_portal.rights_forms import DraftForm, HoldForm
from admin_portal.site import site
from hospital.kernel import access
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.lifecycle import Lifecycle
from hospital.kernel.refusals import Refused
from patients import services
from patients.lifecycle import CORRECTION, DRAFT, HOLD
from patients.models import ConsentDraft, ConsentText, Correction, LegalHold, Sealed

PUBLISH: Final = "admin.consents.publish"
DECIDE: Final = "admin.holds.decide"
ANSWER: Final = "admin.corrections.answer"
_LINES: Final = 200


def _from(lifecycle: Lifecycle, step: str) -> Callable[[Any], bool]:
    return lambda row: step in lifecycle.steps_from(row.state)


class Beginning(Deciding):
    """A table to which something is added on a page of its own, above the list."""

    change_list_template = "admin/beginning.html"
    begin_access = ""
    begin_label: Any = ""
    begin_says: Any = ""
    begin_form: Any

    def get_urls(self) -> list[Any]:
        page = require_http_methods(["GET", "POST"])(self.admin_site.admin_view(self.begin))
        own = path("new/", door(self.begin_access)(page), name=f"{self._place}_begin")
        return [own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may = access.backend().admits(request.user, self.begin_access) is not None
        more = {"begin": self.begin_label if may else "", "begin_url": f"admin:{self._place}_begin"}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def begin(self, request: HttpRequest) -> HttpResponse:
        form = self.begin_form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                form.begin(by=request.user, at=database_now())
            except Refused as refusal:
                keep_evidence(refusal)
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("已保存。"))
                return redirect(f"admin:{self._place}_changelist")
        seen = {
            **self.admin_site.each_context(request),
            "title": self.begin_label,
            "says": self.begin_says,
            "opts": self.opts,
            "form": form,
            "back": f"admin:{self._place}_changelist",
        }
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, "admin/begin.html", seen, status=status)


@admin.register(ConsentText, site=site)
class ConsentTexts(Looking):
    access = "admin.consents"
    list_display = ("kind", "version", "title", "published_at")
    shows = (
        "kind",
        "version",
        "title",
        "recipient",
        "contact",
        "published_at",
        "body",
        "body_en",
    )


@admin.register(ConsentDraft, site=site)
class ConsentDrafts(Beginning):
    access = "admin.consents"
    related = ("written_by", "decided_by", "text")
    list_display = ("kind", "title", shown.state, "written_by", "written_at")
    list_filter = (by_state(DRAFT),)
    shows = (
        "kind",
        "title",
        shown.state,
        "recipient",
        "contact",
        "body",
        "body_en",
        "written_by",
        "written_at",
        "decided_by",
        "decided_at",
        "text",
    )
    begin_access = PUBLISH
    begin_label = gettext_lazy("拟新版知情同意书")
    begin_says = gettext_lazy(
        "先存成草稿；发布以后马上生效，旧版永久保留，下次就诊前会请每个人重新同意。"
    )
    begin_form = DraftForm
    steps = (
        Step(
            "publish",
            gettext_lazy("发布"),
            gettext_lazy("发布后不能再改。下次就诊前，会请每个人看过新版并重新同意。"),
            PUBLISH,
            services.publish_text,
            _from(DRAFT, "publish"),
            asks_why=False,
        ),
        Step(
            "discard",
            gettext_lazy("放弃草稿"),
            gettext_lazy("草稿留着备查，不会发布。"),
            PUBLISH,
            services.discard_draft,
            _from(DRAFT, "discard"),
            grave=True,
        ),
    )

    def about(self, draft: ConsentDraft) -> str:
        return f"{draft.kind} {draft.title}"


class SealedLines(Rows):
    model = Sealed
    shows = ("position", "section", "item", "digest")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(position__lte=_LINES)


@admin.register(LegalHold, site=site)
class Holds(Beginning):
    """What is sealed, by number. The list shows digests, never what they are of."""

    access = "admin.holds"
    related = ("patient", "placed_by", "lifted_by")
    list_display = ("public_id", shown.state, "items", "placed_by", "placed_at")
    list_filter = (by_state(HOLD),)
    search_fields = ("public_id", "stream", "patient__public_id")
    shows = (
        "public_id",
        "patient",
        "stream",
        shown.state,
        "items",
        "digest",
        "placed_by",
        "placed_at",
        "lifted_by",
        "lifted_at",
    )
    inlines = (SealedLines,)
    begin_access = DECIDE
    begin_label = gettext_lazy("封存病历")
    begin_says = gettext_lazy(
        "封存后不会到期删除，患者也不能注销；清单记下每一项的摘要，患者可以看到。"
    )
    begin_form = HoldForm
    steps = (
        Step(
            "lift",
            gettext_lazy("解除封存"),
            gettext_lazy("解除后恢复正常的保存期限。封存的人不能自己解除。"),
            DECIDE,
            services.lift_hold,
            _from(HOLD, "lift"),
            grave=True,
        ),
    )

    def about(self, hold: LegalHold) -> str:
        """Why it was sealed: whoever lifts it has to know."""
        return str(hold.reason)


@admin.register(Correction, site=site)
class Corrections(Deciding):
    access = "admin.corrections"
    related = ("patient", "answered_by")
    list_display = ("public_id", shown.state, "at", "due_on", "answered_by")
    list_filter = (by_state(CORRECTION),)
    search_fields = ("public_id", "patient__public_id")
    shows = ("public_id", "patient", shown.state, "at", "due_on", "answered_at", "answered_by")
    steps = (
        Step(
            "make",
            gettext_lazy("同意更正"),
            gettext_lazy("请写更正的内容：它附在原来的记录后面，原记录不改。患者会看到。"),
            ANSWER,
            services.make_correction,
            _from(CORRECTION, "make"),
        ),
        Step(
            "refuse",
            gettext_lazy("不更正"),
            gettext_lazy("请写明理由（个人信息保护法第五十条）。患者会看到。"),
            ANSWER,
            services.refuse_correction,
            _from(CORRECTION, "refuse"),
            grave=True,
        ),
    )

    def opened(self, row: Correction, *, by: Any, at: datetime) -> None:
        services.note_read("record.read", row.patient, on=row, by=by, at=at, why="manage")

    def about(self, correction: Correction) -> str:
        """What is asked for: it has to be read to be answered, and reading it is in the trail."""
        return str(correction.what)
