"""Step three: what the doctor and the rules must know before anything is prescribed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.calendar import full_years, local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused
from patients import selectors, services
from patients.forms import LINES, HealthForm
from patients.models import Patient
from patients.pages.people import _own

_TOLD = ("allergies", "weight_kg", "liver", "history")


@door("patient.record")
@require_http_methods(["GET", "POST"])
def health(request: HttpRequest, public_id: UUID) -> HttpResponse:
    patient = _own(request, public_id).patient
    age = full_years(patient.birth_date, local_date(database_now()))
    form = HealthForm(patient, request.POST or None, age=age, initial=_known(patient))
    if form.is_valid():
        try:
            _set(request, patient, form)
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("健康信息已保存。"))
            return redirect("patients:record", public_id)
    known = [each for each in selectors.allergies(patient) if each.source == "his"]
    seen = {"patient": patient, "form": form, "hospital_allergies": known}
    return render(request, "patients/health.html", seen, status=422 if form.errors else 200)


def _set(request: HttpRequest, patient: Patient, form: HealthForm) -> None:
    told = form.cleaned_data
    services.set_health(
        patient,
        by=request.user,  # type: ignore[arg-type]
        at=database_now(),
        pregnancy=told.get("pregnancy") or "unknown",
        is_lactating=bool(told.get("is_lactating")),
        **{each: told[each] for each in _TOLD},
    )


def _known(patient: Patient) -> dict[str, Any]:
    """What was told before, so that nobody has to type it again."""
    own = list(patient.allergies.filter(source="self").order_by("pk"))
    known: dict[str, Any] = {
        "pregnancy": patient.pregnancy,
        "is_lactating": patient.is_lactating,
        "weight_kg": "" if patient.weight_kg is None else f"{patient.weight_kg.normalize():f}",
        "liver": patient.liver,
        "history": patient.history,
    }
    if patient.allergies_known_at is not None:
        known["has_allergies"] = "yes" if own else "no"
    for number, allergy in enumerate(own[:LINES]):
        known |= {f"to_{number}": allergy.to, f"reaction_{number}": allergy.reaction}
    return known
