"""电子建档, question by question: where one left off, on whatever device, is where one goes on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused
from patients import selectors, services, steps
from patients.forms.steps import FORMS, StepForm
from patients.models import Patient
from patients.pages.asking import own_link

_FIELDS = {  # where on the form a refusal belongs
    "due-date-alone": "due_on",
    "due-date-impossible": "due_on",
    "weight-impossible": "weight_kg",
    "insurance-malformed": "number",
    "name-malformed": "name",
    "name-mixed-letters": "name",
    "phone-malformed": "phone",
}


@door("patient.record")
@require_GET
def health(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All questions and how things stand with each."""
    patient = own_link(request, public_id).patient
    return render(request, "patients/steps.html", _progress(patient))


@door("patient.record")
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    """One question. Saved, or put off, the next one without an answer follows."""
    patient = own_link(request, public_id).patient
    seen = _progress(patient)
    asked = next((each for each, _state in seen["rows"] if each.code == code), None)
    if asked is None:
        raise Http404
    form = FORMS[code](patient, request.POST or None)
    if request.method == "POST" and (onward := _take(request, patient, code, form)):
        return onward
    codes = [each.code for each, _state in seen["rows"]]
    seen |= {
        "step": asked,
        "form": form,
        "number": codes.index(code) + 1,
        "before": codes[codes.index(code) - 1] if code != codes[0] else "",
        "hospital_allergies": _from_his(patient) if code == "allergies" else (),
        "taken": selectors.told_medicines(patient) if code == "medicines" else (),
    }
    return render(request, "patients/step.html", seen, status=422 if form.errors else 200)


@door("patient.record")
@require_POST
def stop_medicine(request: HttpRequest, public_id: UUID) -> HttpResponse:
    medicine = get_object_or_404(selectors.medicines_told_by(request.user), public_id=public_id)
    services.stop_medicine(medicine, by=user_of(request), at=database_now())
    messages.success(request, _("已记下：不再吃这个药。"))
    return redirect("patients:step", medicine.patient.public_id, "medicines")


def _take(request: HttpRequest, patient: Patient, code: str, form: StepForm) -> HttpResponse | None:
    """On to the next question, or nothing where this one has to be put right."""
    by: Any = request.user
    is_skipped = "skip" in request.POST
    try:
        if is_skipped:
            services.skip(patient, code, by=by, at=database_now())
        elif form.is_valid():
            services.answer(patient, code, said=form.said, by=by, at=database_now())
        else:
            return None
    except Refused as refusal:
        keep_evidence(refusal)
        form.is_valid()
        form.add_error(_FIELDS.get(refusal.code), refusal.message)
        return None
    following = _next(patient, after=code)
    if following is None:
        messages.success(request, _("档案已填好，谢谢。以后有变化随时来改。"))
        return redirect("patients:record", patient.public_id)
    return redirect("patients:step", patient.public_id, following.code)


def _next(patient: Patient, *, after: str = "") -> steps.Step | None:
    on = local_date(database_now())
    given = selectors.given(selectors.answers_of(patient))
    asked = steps.asked_of(patient.sex, patient.birth_date, on=on)
    return steps.next_of(asked, given, birth_date=patient.birth_date, on=on, after=after)


def _progress(patient: Patient) -> dict[str, Any]:
    on = local_date(database_now())
    given = selectors.given(selectors.answers_of(patient))
    asked = steps.asked_of(patient.sex, patient.birth_date, on=on)
    rows = [
        (each, steps.state(each.code, given.get(each.code), birth_date=patient.birth_date, on=on))
        for each in asked
    ]
    return {
        "patient": patient,
        "rows": rows,
        "done": sum(state in ("answered", "skipped") for _step, state in rows),
        "next": steps.next_of(asked, given, birth_date=patient.birth_date, on=on),
        "told": selectors.told(patient, on),
    }


def _from_his(patient: Patient) -> list[Any]:
    return [each for each in selectors.allergies(patient) if each.source == "his"]
