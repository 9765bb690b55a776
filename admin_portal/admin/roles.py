"""Roles: every one that was asked for, given, refused or taken."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_portal import shown
from admin_portal.deciding import Deciding, Step
from admin_portal.listing import by_state
from admin_portal.site import site
from hospital.accounts import services
from hospital.accounts.lifecycle import LIFECYCLE, State
from hospital.accounts.models import RoleChange


def _is_asked(change: RoleChange) -> bool:
    return change.state == State.ASKED


@admin.register(RoleChange, site=site)
class RoleChanges(Deciding):
    """Every role that was asked for, given, refused or taken."""

    access = "admin.roles"
    related = ("user", "asked_by", "decided_by")
    list_display = ("whose", "shown_role", "shown_change", shown.state, "asked_at", "asker")
    list_filter = (by_state(LIFECYCLE),)
    search_fields = ("public_id", "user__username")
    shows = (
        "public_id",
        "whose",
        "shown_role",
        "shown_change",
        shown.state,
        "reason",
        "asked_at",
        "asker",
        "decided_at",
        "decided_by",
        "answer",
    )
    steps = (
        Step(
            "grant",
            gettext_lazy("同意"),
            gettext_lazy("同意以后马上生效。请先向本人的科室核实。"),
            "admin.roles.decide",
            services.grant,
            _is_asked,
            asks_why=False,
        ),
        Step(
            "refuse",
            gettext_lazy("不同意"),
            gettext_lazy("申请人会看到理由。"),
            "admin.roles.decide",
            services.refuse,
            _is_asked,
        ),
        Step(
            "withdraw",
            gettext_lazy("撤回"),
            gettext_lazy("只能撤回自己的申请。"),
            "admin.roles.ask",
            services.withdraw,
            _is_asked,
            asks_why=False,
        ),
    )

    def about(self, change: RoleChange) -> str:
        return f"{change.user} {change.role_label}（{change.why}）"

    @admin.display(description=gettext_lazy("账号"))
    def whose(self, change: RoleChange) -> str:
        return str(change.user)

    @admin.display(description=gettext_lazy("角色"))
    def shown_role(self, change: RoleChange) -> str:
        return change.role_label

    @admin.display(description=gettext_lazy("变更"))
    def shown_change(self, change: RoleChange) -> str:
        return _("授予") if change.change == "grant" else _("收回")

    @admin.display(description=gettext_lazy("理由"))
    def reason(self, change: RoleChange) -> str:
        return change.why

    @admin.display(description=gettext_lazy("申请人"))
    def asker(self, change: RoleChange) -> str:
        return str(change.asked_by) if change.asked_by else _("开账号时")

    @admin.display(description=gettext_lazy("不同意的理由"))
    def answer(self, change: RoleChange) -> str:
        return change.decided_why or "—"
