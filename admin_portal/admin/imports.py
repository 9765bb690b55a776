"""Lists of staff and departments: handed in, checked cell by cell, confirmed, watched."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from admin_portal import shown
from admin_portal.deciding import Deciding, Step
from admin_portal.import_forms import SheetForm
from admin_portal.listing import by_state
from admin_portal.sheet_rows import Progress, progress_of, rows_of
from admin_portal.site import site
from doctors import services
from doctors.lifecycle import IMPORT
from doctors.models import Import
from doctors.services import Look
from doctors.sheets import SHEETS
from hospital.kernel import access
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

LOOK: Final = "admin.imports"
CHECK: Final = "admin.imports.check"
CONFIRM: Final = "admin.imports.confirm"
MOST: Final = 1000  # findings on one page


def _from(step: str) -> Callable[[Any], bool]:
    return lambda row: step in IMPORT.steps_from(row.state)


@admin.register(Import, site=site)
class Imports(Deciding):
    access = LOOK
    related = ("checked_by", "confirmed_by")
    list_display = ("public_id", "kind", shown.state, "rows", "checked_by", "checked_at")
    list_filter = (by_state(IMPORT),)
    search_fields = ("public_id",)
    shows = (
        "public_id",
        "kind",
        shown.state,
        shown.opened("name"),
        "rows",
        "by_command",
        "checked_by",
        "checked_at",
        "confirmed_by",
        "confirmed_at",
        "ended_at",
        shown.opened("why"),
    )
    change_list_template = "admin/beginning.html"
    change_form_template = "admin/doctors/import/change_form.html"
    steps = (
        Step(
            "confirm",
            gettext_lazy("确认导入"),
            gettext_lazy(
                "会开账号、给医生和药师的角色，资质提交待审。请核对名单；上传的人不能自己确认。"
            ),
            CONFIRM,
            services.confirm_import,
            _from("confirm"),
            asks_why=False,
        ),
        Step(
            "stop",
            gettext_lazy("停止导入"),
            gettext_lazy("已经导入的行保留，其余的不再导入，名单内容马上删除。"),
            CHECK,
            services.stop_import,
            _from("stop"),
            grave=True,
        ),
    )

    def about(self, sheet: Import) -> str:
        return _("%(kind)s，%(rows)s 行") % {
            "kind": sheet.get_kind_display(),
            "rows": sheet.rows,
        }

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        both = require_http_methods(["GET", "POST"])
        own = [
            path("new/", door(CHECK)(both(view(self.begin))), name=f"{self._place}_begin"),
            path(
                "template/<slug:kind>/",
                door(LOOK)(require_GET(view(self.template))),
                name=f"{self._place}_template",
            ),
            path(
                "<path:object_id>/progress/",
                door(LOOK)(require_GET(view(self.progress))),
                name=f"{self._place}_progress",
            ),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may = access.backend().admits(request.user, CHECK) is not None
        begin = gettext_lazy("上传名单") if may else ""
        more = {"begin": begin, "begin_url": f"admin:{self._place}_begin"}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        sheet = self.get_object(request, object_id) if self.has_view_permission(request) else None
        more: dict[str, Any] = {} if sheet is None else {"progress": progress_of(sheet)}
        if sheet is not None and sheet.state == "checked":
            more["said"] = rows_of(sheet, after=request.GET.get("after", ""))
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    def progress(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How far it is; asks again by itself until it has ended."""
        sheet = self.get_object(request, object_id)
        if sheet is None:
            raise Http404
        seen: dict[str, Progress | Import] = {"progress": progress_of(sheet), "original": sheet}
        return TemplateResponse(request, "admin/doctors/import/_progress.html", seen)

    def template(self, request: HttpRequest, kind: str) -> HttpResponse:
        """A list to fill in, with the words of the head and one example."""
        if kind not in SHEETS:
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="{kind}.csv"'}
        text = SHEETS[kind].template()
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)

    def begin(self, request: HttpRequest) -> HttpResponse:
        """Choose a list; read every bad cell of it, or leave it for a second person."""
        is_sent = request.method == "POST"
        form = SheetForm(request.POST, request.FILES) if is_sent else SheetForm()
        seen: Look | None = None
        if form.is_valid():
            try:
                seen = form.look(at=database_now())
                if not seen.findings:
                    return self._keep(request, seen, form.cleaned_data["sheet"].name)
            except Refused as refusal:
                keep_evidence(refusal)
                form.add_error(None, refusal.message)
        shown_now = {
            **self.admin_site.each_context(request),
            "title": _("上传名单"),
            "opts": self.opts,
            "form": form,
            "findings": seen.findings[:MOST] if seen else (),
            "count": len(seen.findings) if seen else 0,
            "sheets": SHEETS.values(),
        }
        status = 422 if is_sent else 200
        page = "admin/doctors/import/begin.html"
        return TemplateResponse(request, page, shown_now, status=status)

    def _keep(self, request: HttpRequest, seen: Look, name: str) -> HttpResponse:
        by: Any = request.user
        sheet = services.keep_import(seen, by=by, at=database_now(), name=name)
        told = {step: seen.counted(step) for step in ("add", "change", "keep")}
        messages.success(
            request,
            _(
                "检查通过：新增 %(add)s，更新 %(change)s，不变 %(keep)s。"
                "请另一位同事确认，确认以后才导入。"
            )
            % told,
        )
        return redirect(f"admin:{self._place}_change", sheet.pk)
