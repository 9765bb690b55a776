"""The trail, read as the auditor."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from admin_portal import shown
from admin_portal.base import Looking
from admin_portal.listing import by_words
from admin_portal.site import site
from audit.models import Event


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
