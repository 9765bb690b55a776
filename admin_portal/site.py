"""The admin site: our sign-in, our gate, nobody's superuser."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLResolver
from django.utils.translation import gettext_lazy as _

from hospital.accounts.roles import MANAGERS
from hospital.kernel.access import door


class HospitalAdmin(AdminSite):
    site_header = _("互联网医院 管理后台")
    site_title = _("管理后台")
    index_title = _("工作台")
    site_url = None
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and bool(
            MANAGERS.intersection(getattr(request.user, "roles", ()))
        )

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect(f"/sign-in/staff/?next={request.path}")

    def get_urls(self) -> list[Any]:
        """Django's own, without those that sign in, change passwords or show by content type."""
        unwanted = {
            "login",
            "logout",
            "password_change",
            "password_change_done",
            "jsi18n",
            "view_on_site",
        }
        kept = [u for u in super().get_urls() if getattr(u, "name", None) not in unwanted]
        _mark(kept)
        return kept


def _mark(patterns: list[Any]) -> None:
    """Every address carries the entry; what one sees behind it is decided by the tables."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _mark(pattern.url_patterns)
        else:
            door("admin.use")(pattern.callback)


site = HospitalAdmin(name="admin")
