"""One's own sessions, and signing out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hospital.accounts import selectors, services
from hospital.accounts.asking import user_of
from hospital.accounts.models import User
from hospital.kernel import context
from hospital.kernel.access import door
from hospital.kernel.clock import database_now


@door("account.sign-out")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    services.sign_out(request, at=database_now())
    response = redirect("home:first")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@door("account.sittings")
@require_GET
def sittings(request: HttpRequest) -> HttpResponse:
    """Where I am signed in."""
    rows = list(selectors.sittings_of(user_of(request)))
    for row in rows:
        row.is_this = row.pk == request.session.digest  # type: ignore[attr-defined]
    return render(request, "accounts/sittings.html", {"sittings": rows})


@door("account.sittings")
@require_POST
def sittings_end(request: HttpRequest) -> HttpResponse:
    """Everywhere but here."""
    user = request.user
    assert isinstance(user, User)
    services.end_others(user, but_for=context.current().session, at=database_now())
    messages.success(request, _("其他设备都已退出。"))
    return redirect("accounts:sittings")


@door("account.sittings")
@require_POST
def sitting_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    sitting = get_object_or_404(selectors.sittings_of(user), public_id=public_id)
    services.end_sitting(sitting, by=user, at=database_now())
    return redirect("accounts:sittings")
