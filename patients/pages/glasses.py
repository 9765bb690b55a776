"""急诊查阅: open, read, end. While it is open the page asks whether it still is."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.paging import page_of
from hospital.kernel.refusals import Refused
from patients import selectors, services
from patients.forms import GlassForm
from patients.models import Glass

_FIELDS = {
    "no-such-record": "id_number",
    "reason-unknown": "reason",
    "note-too-short": "note",
    "text-too-long": "note",
}


@door("break-glass.open")
@require_http_methods(["GET", "POST"])
def glasses(request: HttpRequest) -> HttpResponse:
    """The form, and below it one's own looks so far with how they were judged."""
    form = GlassForm(request.POST or None)
    if form.is_valid():
        try:
            glass = services.break_glass(
                **form.cleaned_data, by=user_of(request), at=database_now()
            )
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(_FIELDS.get(refusal.code), refusal.message)
        else:
            return redirect("patients:glass", glass.public_id)
    mine = selectors.glasses_of(request.user)
    page = page_of(mine, by="opened_at", cursor=request.GET.get("after"))
    seen = {"form": form, "page": page, "live": selectors.live_glass(request.user)}
    template = "patients/_glasses.html" if request.htmx else "patients/glasses.html"  # type: ignore[attr-defined]
    return render(request, template, seen, status=422 if form.errors else 200)


@door("break-glass.read")
@require_GET
def glass(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The record while the look is open, recorded each time; afterwards only that there was one."""
    found = get_object_or_404(selectors.glasses_of(request.user), public_id=public_id)
    seen: dict[str, Any] = {"glass": found, "patient": found.patient}
    if _is_live(request, found):
        seen["record"] = services.open_under_glass(found, by=user_of(request), at=database_now())
    return render(request, "patients/glass.html", seen)


@door("break-glass.end")
@require_GET
def watch(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What an open page asks again and again; when the time is up the record leaves the screen."""
    found = get_object_or_404(selectors.glasses_of(request.user), public_id=public_id)
    response = render(request, "patients/_glass.html", {"glass": found, "patient": found.patient})
    if not _is_live(request, found):
        response["HX-Redirect"] = reverse("patients:glass", args=[public_id])
    return response


@door("break-glass.end")
@require_POST
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = get_object_or_404(selectors.glasses_of(request.user), public_id=public_id)
    services.end_glass(found, by=user_of(request), at=database_now())
    messages.success(request, _("急诊查阅已结束。医务处会在一天内复核。"))
    return redirect("patients:glasses")


def _is_live(request: HttpRequest, glass: Glass) -> bool:
    return selectors.under_glass(request.user).filter(pk=glass.patient_id).exists() and (
        selectors.live_glass(request.user) == glass
    )
