"""The health record as clinicians read it: a pane of the workspace, or a page of its own."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.clock import database_now
from patients import selectors, services
from patients.pages.asking import uuid_named


@door("patient.health")
@require_GET
def record_pane(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`?stream=` names the visit for which it is read, `?why=` another reason than care."""
    reached = selectors.reached(request.user, public_id)
    if reached is None:
        raise Http404
    record = services.open_reached(reached, **_asking(request))
    template = "patients/_pane.html" if request.htmx else "patients/pane.html"  # type: ignore[attr-defined]
    return render(request, template, {"record": record, "patient": reached.patient})


@door("patient.health")
@require_GET
def contact(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whom to call when the patient is not found; the pane asks for it when somebody wants it."""
    patient = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
    told = services.open_contact(patient, **_asking(request))
    template = "patients/_contact.html" if request.htmx else "patients/contact.html"  # type: ignore[attr-defined]
    return render(request, template, {"patient": patient, "contact": told})


def _asking(request: HttpRequest) -> dict[str, Any]:
    """Who reads, when, why and for which visit."""
    return {
        "by": user_of(request),
        "at": database_now(),
        "why": request.GET.get("why") or "care",
        "stream": uuid_named(request, "stream"),
    }
