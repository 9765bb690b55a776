"""Accounts: who has one, which roles, and closing one at once."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from admin_portal.deciding import Deciding, Step
from admin_portal.listing import YES_OR_NO, by_words
from admin_portal.site import site
from hospital.accounts import services
from hospital.accounts.models import User
from hospital.accounts.roles import Role


@admin.register(User, site=site)
class Accounts(Deciding):
    access = "admin.accounts"
    list_display = ("public_id", "username", "shown_roles", "is_active", "joined_at")
    list_filter = (by_words("is_active", _("有效"), YES_OR_NO),)
    search_fields = ("public_id", "username")
    shows = (
        "public_id",
        "username",
        "shown_roles",
        "is_active",
        "is_demo",
        "joined_at",
        "last_login",
    )
    steps = (
        Step(
            "disable",
            _("停用账号"),
            _("这个账号马上不能再登录，已登录的设备和正在进行的对话也会断开。"),
            "admin.accounts.disable",
            services.disable,
            lambda user: user.is_active,
            grave=True,
        ),
        Step(
            "enable",
            _("恢复账号"),
            _("恢复以后可以重新登录。"),
            "admin.accounts.enable",
            services.enable,
            lambda user: not user.is_active,
        ),
    )

    @admin.display(description=_("角色"))
    def shown_roles(self, user: User) -> str:
        return "、".join(str(Role(role).label) for role in user.roles)
