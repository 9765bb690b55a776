"""A doctor says which diagnoses of the patient they treat are one disease."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused
from patients import selectors, services
from patients.forms import SameDiseaseForm, diseases
from patients.models import Patient

_FIELDS = {
    "diagnosis-not-confirmed": "first",
    "diagnosis-unknown": "second",
    "one-category": "second",
    "same-already": "second",
    "reason-missing": "why",
    "reason-too-short": "why",
}


@door("same-disease.read")
@require_GET
def same_diseases(request: HttpRequest, public_id: UUID) -> HttpResponse:
    patient = _patient(request, public_id)
    return _show(request, patient, _form(patient))


@door("same-disease.confirm")
@require_POST
def name_one_disease(request: HttpRequest, public_id: UUID) -> HttpResponse:
    patient, status = _patient(request, public_id), 422
    form = _form(patient, request.POST)
    if form.is_valid():
        try:
            services.name_one_disease(
                patient, by=user_of(request), at=database_now(), **form.cleaned_data
            )
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(_FIELDS.get(refusal.code), refusal.message)
            status = refusal.status
        else:
            messages.success(request, _("已确认：以后按同一种病判断复诊。"))
            return redirect("patients:same-diseases", public_id)
    return _show(request, patient, form, status=status)


@door("same-disease.confirm")
@require_POST
def take_back_one_disease(request: HttpRequest, public_id: UUID) -> HttpResponse:
    link = get_object_or_404(selectors.same_diseases_seen_by(request.user), public_id=public_id)
    services.take_back_one_disease(link, by=user_of(request), at=database_now())
    messages.success(request, _("已撤回，从现在起不再按同一种病判断。"))
    seen = selectors.visible_to(request.user).filter(pk=link.patient_id).exists()
    if seen:
        return redirect("patients:same-diseases", link.patient.public_id)
    return redirect("home:doctor")


def _patient(request: HttpRequest, public_id: UUID) -> Patient:
    return get_object_or_404(selectors.visible_to(request.user), public_id=public_id)


def _form(patient: Patient, told: object = None) -> SameDiseaseForm:
    proven = selectors.evidence(patient, database_now())
    names = {each["diagnosis"]: f"{each['diagnosis']} {each['name']}" for each in proven}
    return SameDiseaseForm(told, known=list(names.items()))


def _show(
    request: HttpRequest, patient: Patient, form: SameDiseaseForm, *, status: int = 200
) -> HttpResponse:
    services.note_read(
        "record.read", patient, on=patient, by=user_of(request), at=database_now(), why="care"
    )
    seen = {
        "patient": patient,
        "form": form,
        "rows": selectors.same_diseases_of(patient),
        "diseases": diseases(),
    }
    return render(request, "patients/same_diseases.html", seen, status=status)
