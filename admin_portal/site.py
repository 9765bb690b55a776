"""The admin site: our sign-in, our gate, nobody's superuser."""

from typing import Any
from uuid import UUID

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLResolver, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from admin_portal import cases, rostering, unmasking
from admin_portal.attention import waiting_for
from admin_portal.inbox import pages as inbox
from hospital.accounts.roles import MANAGERS
from hospital.kernel.access import door
from hospital.kernel.clock import database_now

UNWANTED = {
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "view_on_site",
}


class HospitalAdmin(AdminSite):
    site_header = _("互联网医院 管理后台")
    site_title = _("管理后台")
    index_title = _("工作台")
    site_url = None
    enable_nav_sidebar = True
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and bool(
            MANAGERS.intersection(getattr(request.user, "roles", ()))
        )

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect(f"/sign-in/staff/?next={request.path}")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        waiting = waiting_for(request.user, database_now())
        return super().index(request, {"waiting": waiting, **(extra_context or {})})

    def case(self, request: HttpRequest, visit: UUID) -> HttpResponse:
        return cases.page(request, visit, self.each_context(request))

    def patient(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        return unmasking.page(request, public_id, self.each_context(request))

    def get_urls(self) -> list[Any]:
        """Django's own, without those that sign in, change passwords or show by content type."""
        case = door("admin.case")(require_GET(self.admin_view(self.case)))
        kept = [u for u in super().get_urls() if getattr(u, "name", None) not in UNWANTED]
        _mark(kept)
        looked_at = require_http_methods(["GET", "POST"])(self.admin_view(self.patient))
        patient = door({"GET": "patient.masked", "POST": "patient.unmask"})(looked_at)
        own = [
            path("cases/<uuid:visit>/", case, name="case"),
            path("patients/<uuid:public_id>/", patient, name="patient"),
        ]
        return [*own, *inbox.urls(self), *rostering.urls(self), *kept]


def _mark(patterns: list[Any]) -> None:
    """Every address carries an entry: its own, its table's, or the one of the whole back office.

    Those that are not ours are looked at and nothing else.
    """
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _mark(pattern.url_patterns)
        elif not hasattr(pattern.callback, "access"):
            table = getattr(pattern.callback, "model_admin", None)
            pattern.callback = require_GET(pattern.callback)
            door(table.access if table else "admin.use")(pattern.callback)


site = HospitalAdmin(name="admin")
