"""The inbox as a page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from hospital.kernel.access import door
from hospital.kernel.clock import database_now
from hospital.kernel.paging import page_of
from hospital.notifications import selectors, services


@door("inbox.read")
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    page = page_of(selectors.visible_to(request.user), by="at", cursor=request.GET.get("after"))
    template = "notifications/_notices.html" if request.htmx else "notifications/inbox.html"  # type: ignore[attr-defined]
    return render(request, template, {"page": page})


@door("inbox.read")
@require_POST
def read(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Mark as read and go where the notice leads."""
    notice = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
    services.read(notice, at=database_now())
    return redirect(notice.link or "notifications:inbox")
