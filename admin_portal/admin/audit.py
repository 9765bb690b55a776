"""The trail, read as the auditor, and the alarms over it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from admin_portal import shown
from admin_portal.base import Looking
from admin_portal.deciding import Deciding, Step
from admin_portal.listing import by_state, by_words
from admin_portal.site import site
from audit import patterns, services
from audit.lifecycle import LIFECYCLE
from audit.models import Alarm, Event


@admin.register(Event, site=site)
class Trail(Looking):
    access = "admin.trail"
    list_display = ("id", "at", "kind", "outcome", "role", "subject", "ip")
    list_filter = (by_words("outcome", _("结果"), {"done": _("完成"), "refused": _("被拒绝")}),)
    search_fields = ("kind", "subject", "stream", "about", "request_id")
    shows = (
        "at",
        "kind",
        "outcome",
        "actor",
        "role",
        "ip",
        "door",
        "request_id",
        "subject",
        "about",
        "visit",
        "before",
        "after",
        "facts",
    )

    @admin.display(description=_("就诊"))
    def visit(self, event: Event) -> str:
        """Leading to all that happened in it."""
        return shown.visit(event.stream) if event.stream else "—"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).using("trail")


@admin.register(Alarm, site=site)
class Alarms(Deciding):
    """What was seen in the trail, and what was found when somebody looked into it."""

    access = "admin.alarms"
    list_display = ("id", "at", shown.state, "what", "count", "actor", "concerns")
    list_filter = (
        by_state(LIFECYCLE),
        by_words("kind", _("类型"), {each.kind: _(each.says) for each in patterns.PATTERNS}),
    )
    search_fields = ("public_id", "actor", "about")
    shows = (
        "public_id",
        "at",
        shown.state,
        "what",
        "count",
        "window",
        "whose",
        "actor",
        "concerns",
        "events",
        "facts",
        "acknowledged_by",
        "acknowledged_at",
        "closed_by",
        "closed_at",
        "note",
    )
    steps = (
        Step(
            "acknowledge",
            _("开始查"),
            _("记下由您来查；涉及您本人的告警请另一位审计管理员处理。"),
            "admin.alarms.handle",
            services.acknowledge,
            lambda alarm: "acknowledge" in LIFECYCLE.steps_from(alarm.state),
            asks_why=False,
        ),
        Step(
            "close",
            _("关闭"),
            _("请写明查到了什么、怎么处理的；关闭后不能再改。"),
            "admin.alarms.handle",
            services.close,
            lambda alarm: "close" in LIFECYCLE.steps_from(alarm.state),
        ),
    )

    @admin.display(description=_("类型"))
    def what(self, alarm: Alarm) -> str:
        return said(patterns.says(alarm.kind))

    @admin.display(description=_("患者编号"))
    def concerns(self, alarm: Alarm) -> str:
        return str(alarm.about or shown.NOTHING)

    def about(self, row: Any) -> str:
        return f"{row.pk} · {self.what(row)}"
