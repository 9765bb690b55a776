"""Accounts: who has one, which roles; opening and closing one; links for those who lost theirs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from admin_portal.deciding import Deciding, Step
from admin_portal.forms import AccountForm, HeldRoleForm, RoleForm
from admin_portal.listing import YES_OR_NO, by_words
from admin_portal.site import site
from hospital.accounts import services
from hospital.accounts.models import Activation, User
from hospital.accounts.roles import STAFF, Role
from hospital.kernel import access
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

LINK: Final = gettext_lazy(
    "把链接当面或用内部通信交给本人，24 小时内有效，只能用一次。离开这一页就看不到了。"
)
ADD: Final = "admin.accounts.add"
UNUSED: Final = timedelta(days=90)  # then somebody asks whether it is still needed (8.1.4.2c)


class ByRole(SimpleListFilter):
    """Who holds a role now: the list that the hospital goes through every quarter."""

    title = gettext_lazy("角色")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(role), role.label) for role in Role if role in STAFF]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        role = self.value()
        return queryset.filter(roles__contains=[role]) if role in STAFF else queryset


class Unused(SimpleListFilter):
    """Open accounts of staff in which nobody has signed in for ninety days."""

    title = gettext_lazy("使用")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("unused", gettext_lazy("90 天没有登录的职工账号"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() != "unused":
            return queryset
        staff = queryset.filter(is_active=True).exclude(username=None)
        seen = staff.annotate(seen=Coalesce("last_login", "joined_at"))
        return seen.filter(seen__lt=Now() - UNUSED)


def _link(kind: str) -> Callable[..., str]:
    """The service that makes a link of this kind, answering with its whole address."""

    def invite(user: User, *, by: User, at: datetime, why: str = "") -> str:
        return services.address_of(services.invite(user, by=by, at=at, kind=kind, why=why))

    return invite


def _has_begun(user: User) -> bool:
    return user.is_active and user.has_password and user.password_set_at is not None


@admin.register(User, site=site)
class Accounts(Deciding):
    access = "admin.accounts"
    list_display = ("public_id", "username", "shown_roles", "is_active", "joined_at", "last_login")
    list_filter = (by_words("is_active", gettext_lazy("有效"), YES_OR_NO), ByRole, Unused)
    search_fields = ("public_id", "username")
    change_list_template = "admin/accounts/user/change_list.html"
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
            gettext_lazy("停用账号"),
            gettext_lazy("这个账号马上不能再登录，已登录的设备和正在进行的对话也会断开。"),
            "admin.accounts.disable",
            services.disable,
            lambda user: user.is_active,
            grave=True,
        ),
        Step(
            "enable",
            gettext_lazy("恢复账号"),
            gettext_lazy("恢复以后可以重新登录。"),
            "admin.accounts.enable",
            services.enable,
            lambda user: not user.is_active,
        ),
        Step(
            "end-sittings",
            gettext_lazy("结束全部登录"),
            gettext_lazy("所有设备马上退出，账号仍然可以重新登录。"),
            "admin.accounts.end",
            services.end_sittings,
            lambda user: user.is_active,
        ),
        Step(
            "ask-role",
            gettext_lazy("申请授予角色"),
            gettext_lazy("由另一位安全管理员决定，决定以后生效。"),
            "admin.roles.ask",
            services.ask_role,
            lambda user: user.is_active and user.username is not None,
            asks=RoleForm,
        ),
        Step(
            "revoke-role",
            gettext_lazy("收回角色"),
            gettext_lazy("马上生效：这个角色打开的页面和对话在几秒内关闭。"),
            "admin.roles.revoke",
            services.revoke,
            lambda user: bool(STAFF.intersection(user.roles)),
            grave=True,
            asks=HeldRoleForm,
        ),
        Step(
            "invite",
            gettext_lazy("重发开通链接"),
            gettext_lazy("以前发的链接马上失效。"),
            "admin.accounts.add",
            _link(Activation.OPEN),
            lambda user: user.is_active and user.has_password and user.password_set_at is None,
            asks_why=False,
            tells=LINK,
        ),
        Step(
            "reset-password",
            gettext_lazy("重设密码"),
            gettext_lazy("本人仍有动态码时用。所有登录马上结束，本人用链接和动态码设新密码。"),
            "admin.accounts.reset",
            _link(Activation.PASSWORD),
            _has_begun,
            grave=True,
            tells=LINK,
        ),
        Step(
            "reset-factor",
            gettext_lazy("重绑第二因素"),
            gettext_lazy(
                "手机丢失或更换时用。旧的动态码和通行密钥马上失效，本人用链接和密码重新绑定。"
            ),
            "admin.accounts.reset",
            _link(Activation.FACTOR),
            _has_begun,
            grave=True,
            tells=LINK,
        ),
        Step(
            "reopen",
            gettext_lazy("两样都丢失，重新开通"),
            gettext_lazy("请先当面核对工作证。密码和第二因素都作废，本人用链接重新设置。"),
            "admin.accounts.reset",
            _link(Activation.OPEN),
            _has_begun,
            grave=True,
            tells=LINK,
        ),
    )

    @admin.display(description=gettext_lazy("角色"))
    def shown_roles(self, user: User) -> str:
        return "、".join(str(Role(role).label) for role in user.roles) or "—"

    def get_urls(self) -> list[Any]:
        asked = require_http_methods(["GET", "POST"])(self.admin_site.admin_view(self.open_account))
        return [path("open/", door(ADD)(asked), name="accounts_user_open"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_add = access.backend().admits(request.user, ADD) is not None
        return super().changelist_view(request, {"may_add": may_add, **(extra_context or {})})

    def open_account(self, request: HttpRequest) -> HttpResponse:
        """A new account, which holds no role until two security administrators give it one."""
        form = AccountForm(request.POST or None)
        if form.is_valid():
            try:
                user = services.add_staff(
                    **form.cleaned_data, roles=[], by=request.user, at=database_now()
                )
            except Refused as refusal:
                keep_evidence(refusal)
                form.add_error(None, refusal.message)
            else:
                link = _link(Activation.OPEN)(user, by=request.user, at=database_now())
                return self.tell(request, user, link, _("账号已开，还没有角色"), LINK)
        told = {
            **self.admin_site.each_context(request),
            "title": _("开职工账号"),
            "opts": self.opts,
            "form": form,
        }
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, "admin/accounts/user/open.html", told, status=status)
