"""How doctors set up their work."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from doctors import selectors, services
from doctors.forms import ServiceForm
from doctors.models import Clinician, Service
from doctors.pages.asking import clinician_or_404, next_of, user_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused


@door("doctor.settings")
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """The 接诊中 switch, and each service with its price and quota."""
    return _settings(request, selectors.clinician_of(user_of(request), "doctor"), {})


@door("doctor.settings")
@require_POST
def receiving(request: HttpRequest) -> HttpResponse:
    """Turn the switch; answers with the switch alone where only that is wanted."""
    clinician = services.set_receiving(
        clinician_or_404(request),
        is_receiving=request.POST.get("is_receiving") == "on",
        by=user_of(request),
        at=database_now(),
    )
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "doctors/_receiving.html", {"clinician": clinician})
    return redirect(next_of(request) or "doctors:settings")


@door("doctor.settings")
@require_POST
def service(request: HttpRequest, kind: str) -> HttpResponse:
    """Save one service."""
    if kind not in Service.Kind.values:
        raise Http404
    clinician = clinician_or_404(request)
    form = ServiceForm(request.POST, prefix=kind)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.set_service(
                clinician,
                kind,
                price_fen=given["price"],
                daily_quota=given["daily_quota"],
                is_on=given["is_on"],
                by=user_of(request),
                at=database_now(),
            )
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已保存，马上生效。"))
            return redirect("doctors:settings")
    return _settings(request, clinician, {kind: form}, status=422)


def _settings(
    request: HttpRequest,
    clinician: Clinician | None,
    tried: dict[str, ServiceForm],
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"clinician": clinician}
    if clinician is not None:
        offered = {each.kind: each for each in clinician.services.all()}
        context["in_force"] = clinician in selectors.practising(local_date(database_now()))
        context["services"] = [
            (
                kind,
                offered.get(kind),
                tried.get(kind)
                or ServiceForm(initial=ServiceForm.of(offered.get(kind)), prefix=kind),
            )
            for kind in Service.Kind
        ]
    return render(request, "doctors/settings.html", context, status=status)
