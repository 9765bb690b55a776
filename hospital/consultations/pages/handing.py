"""What colleagues had to leave, and taking it over."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from hospital.consultations import selectors, services
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.calendar import full_years, local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Detour, Refused

MANY = 50


@door("handover.take")
@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    """What waits in this doctor's department: age, diagnosis and how long, and no name yet."""
    services.require_practice(request.user)
    return _show(request)


@door("handover.take")
@require_POST
def take(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Go on in a colleague's place; whoever must prove themselves first is led there and back."""
    services.require_practice(request.user)
    found = get_object_or_404(selectors.offered_to(request.user), public_id=public_id)
    try:
        taken = services.take_over(
            found,
            by=request.user,
            at=database_now(),
            specialist_present=request.POST.get("specialist_present") == "on",
        )
    except Detour as first:
        keep_evidence(first)
        here = reverse("consultations:handovers")
        return redirect(f"{first.page}?{urlencode({'next': here})}")
    except Refused as refusal:
        keep_evidence(refusal)
        return _show(request, refusal)
    return redirect("consultations:work-one", taken.public_id)


def _show(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    at = database_now()
    rows = [
        (each, full_years(each.consultation.patient.birth_date, local_date(at)))
        for each in selectors.offered_to(request.user)[:MANY]
    ]
    seen = {"rows": rows, "at": at, "refusal": refusal}
    status = refusal.status if refusal else 200
    return render(request, "consultations/handovers.html", seen, status=status)
