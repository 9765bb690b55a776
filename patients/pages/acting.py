"""代办: choosing for whom one acts, and who acts for oneself."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.clock import database_now
from patients import acting, selectors, services


@door("patient.record")
@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """One tap, and everything that follows is for this person."""
    links = {str(each.patient.public_id): each for each in selectors.links_of(request.user)}
    link = links.get(request.POST.get("patient", ""))
    if link is None:
        messages.warning(request, _("您现在不能替这位就诊人操作。"))
        return redirect("patients:members")
    acting.choose(request, link)
    return redirect("/")


@door("patient.record")
@require_POST
def end_link(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Nobody of these acts for oneself any more, from this moment on."""
    link = get_object_or_404(selectors.links_to_oneself(request.user), public_id=public_id)
    services.end_link(link, by=user_of(request), at=database_now())
    messages.success(request, _("已停止。对方马上不能再替您操作。"))
    return redirect("patients:members")
