"""Every table of the back office, and who may look at it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from admin_portal.base import Looking
from admin_portal.site import site
from audit.models import Event
from hospital.accounts import services as accounts
from hospital.accounts.models import User
from hospital.kernel import access
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused


@admin.register(User, site=site)
class Accounts(Looking):
    access = "admin.accounts"
    list_display = ("public_id", "username", "shown_roles", "is_active", "joined_at")
    list_filter = ("is_active",)
    search_fields = ("username",)
    fields = (
        "public_id",
        "username",
        "shown_roles",
        "is_active",
        "is_demo",
        "joined_at",
        "last_login",
    )
    readonly_fields = fields
    ordering = ("-id",)
    actions = ("disable",)

    @admin.display(description=_("角色"))
    def shown_roles(self, user: User) -> str:
        return "、".join(user.roles)

    @admin.action(description=_("停用所选账号"), permissions=["disable"])
    def disable(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        for user in chosen:
            try:
                accounts.disable(user, by=request.user, at=database_now(), why="admin")  # type: ignore[arg-type]
            except Refused as refusal:
                keep_evidence(refusal)
                self.message_user(request, refusal.message, messages.ERROR)

    def has_disable_permission(self, request: HttpRequest) -> bool:
        return access.backend().admits(request.user, "admin.accounts.disable") is not None


@admin.register(Event, site=site)
class Trail(Looking):
    access = "admin.trail"
    list_display = ("id", "at", "kind", "outcome", "role", "subject", "ip")
    list_filter = ("outcome",)
    search_fields = ("=kind", "=subject", "=request_id")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).using("trail")
