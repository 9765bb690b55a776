"""Versions of the hospital's rules, publishing one, and the decisions taken under them."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from admin_portal.base import Looking
from admin_portal.forms import PolicyForm
from admin_portal.listing import by_words
from admin_portal.site import site
from hospital.kernel import access
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused, WrongState
from hospital.policy import selectors, services
from hospital.policy.models import Decision, Version
from hospital.policy.values import all_settings

PUBLISH = "admin.policy.publish"
OUTCOMES = {
    "pass": gettext_lazy("通过"),
    "reason": gettext_lazy("须说明理由"),
    "block": gettext_lazy("不允许"),
}


@admin.register(Version, site=site)
class Versions(Looking):
    access = "admin.policy"
    related = ("published_by",)
    list_display = ("number", "published_at", "published_by", "note")
    shows = ("number", "published_at", "published_by", "note", "shown_values")
    change_list_template = "admin/policy/version/change_list.html"

    @admin.display(description=gettext_lazy("内容"))
    def shown_values(self, version: Version) -> SafeString:
        named = all_settings()
        rows = [(named[n].label, v) for n, v in version.values.items() if n in named]
        return format_html_join("", "<div>{}: <b>{}</b></div>", rows)

    def get_urls(self) -> list[Any]:
        asked = require_http_methods(["GET", "POST"])(self.admin_site.admin_view(self.publish))
        page = door(PUBLISH)(asked)
        return [path("publish/", page, name="policy_version_publish"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_publish = access.backend().admits(request.user, PUBLISH) is not None
        return super().changelist_view(
            request, {"may_publish": may_publish, **(extra_context or {})}
        )

    def publish(self, request: HttpRequest) -> HttpResponse:
        now = selectors.current()
        form = PolicyForm(request.POST or None, current=now.values, number=now.number)
        if request.method == "POST" and form.is_valid():
            try:
                _publish(request, form, now.number)
            except Refused as refusal:
                keep_evidence(refusal)
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("新版本已生效。"))
                return redirect("admin:policy_version_changelist")
        shown = {
            **self.admin_site.each_context(request),
            "title": _("发布规则"),
            "opts": self.opts,
            "form": form,
            "number": now.number,
        }
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, "admin/policy/version/publish.html", shown, status=status)


def _publish(request: HttpRequest, form: PolicyForm, number: int) -> None:
    """Publish what the form changes, on the version that the person was looking at."""
    if form.cleaned_data["based_on"] != number:
        raise WrongState(_("刚刚有人发布了新版本，请刷新后再看一遍。"), code="policy-moved")
    note, by = form.cleaned_data["note"], request.user
    services.publish(form.changes(), by=by, at=database_now(), note=note)  # type: ignore[arg-type]


@admin.register(Decision, site=site)
class Decisions(Looking):
    """What was decided under which version. The facts are the patient's and stay sealed."""

    access = "admin.policy"
    related = ("policy",)
    list_display = ("public_id", "at", "kind", "outcome", "shown_rules", "policy")
    list_filter = (by_words("outcome", gettext_lazy("结果"), OUTCOMES),)
    search_fields = ("public_id", "subject", "stream", "about")
    shows = (
        "public_id",
        "at",
        "kind",
        "subject",
        "stream",
        "outcome",
        "shown_rules",
        "policy",
        "data_version",
        "engine_version",
        "digest",
    )

    @admin.display(description=gettext_lazy("规则"))
    def shown_rules(self, decision: Decision) -> str:
        return "、".join(decision.rules) or "—"
