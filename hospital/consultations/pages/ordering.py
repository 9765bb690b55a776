"""A patient's way to an order: for whom, may we, what is wrong, pay."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from doctors import selectors as doctors_of
from doctors.models import Clinician
from hospital.consultations import explaining, frames, selectors, services
from hospital.consultations.forms import OrderForm
from hospital.consultations.lifecycle import State
from hospital.consultations.models import Consultation
from hospital.consultations.rules import Visit
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.calendar import full_years, local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused
from patients import acting
from patients import selectors as patients
from patients.models import Patient

ADULT = 18
FEW = 3  # papers of other hospitals, the newest


@door("consultation.order")
@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """核验线下就诊: what was found, rule by rule why or why not, and what to do about it."""
    at, asked = database_now(), request.GET
    doctor = get_object_or_404(selectors.doctors(at), public_id=_uuid(asked.get("doctor")))
    links = list(patients.links_of(request.user))
    wish = asked.get("patient") or acting.chosen(request)
    patient = _chosen([link.patient for link in links], wish)
    seen: dict[str, Any] = {"doctor": doctor, "links": links, "patient": patient}
    if patient is not None:
        link = next(each for each in links if each.patient == patient)
        # whoever may be there is taken to be: the order asks again
        judged = services.judge(
            request.user, patient, doctor, "followup", [], link.is_guardian, at=at
        )
        seen |= {
            "judged": judged,
            "told": explaining.explained(judged.visit),
            "papers": patients.papers_of(patient)[:FEW],
        }
    return render(request, "consultations/check.html", seen)


@door("consultation.order")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Who, then whether it may be, then what is wrong. A refusal keeps what was typed."""
    at, asked = database_now(), request.GET
    doctor = get_object_or_404(selectors.doctors(at), public_id=_uuid(asked.get("doctor")))
    kind = "advice" if asked.get("kind") == "advice" else "followup"
    links = list(patients.links_of(request.user))
    wish = asked.get("patient") or acting.chosen(request)
    patient = _chosen([link.patient for link in links], wish)
    seen: dict[str, Any] = {"doctor": doctor, "kind": kind, "links": links, "patient": patient}
    if patient is None:
        return render(request, "consultations/new.html", seen)
    proven = selectors.proven(patient, kind, at)
    form = _form(request, patient, proven, at)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                ordered = _order(request, form, patient=patient, doctor=doctor, kind=kind, at=at)
            except Refused as refusal:
                keep_evidence(refusal)
                form.add_error(None, refusal.message)
                seen["already"] = refusal.facts.get("consultation")
            else:
                return _onward(ordered)
    present = _value(form, "guardian_present") is True
    codes = _value(form, "diagnoses") or []
    judged = services.judge(request.user, patient, doctor, kind, codes, present, at=at)
    service = doctors_of.services_of(doctor, local_date(at)).get(kind)
    seen |= {"form": form, "judged": judged, "evidence": proven.evidence, "service": service}
    return render(request, "consultations/new.html", seen, status=status)


def _chosen(mine: list[Patient], asked: str | None) -> Patient | None:
    named = [patient for patient in mine if str(patient.public_id) == asked]
    return (named or mine or [None])[0]  # type: ignore[list-item]


def _form(request: HttpRequest, patient: Patient, visit: Visit, at: datetime) -> OrderForm:
    age = full_years(patient.birth_date, local_date(at))
    given = request.POST if request.method == "POST" else None
    newest = [visit.evidence[0].diagnosis] if visit.evidence else []
    return OrderForm(given, visit=visit, is_minor=age < ADULT, initial={"diagnoses": newest})


def _value(form: OrderForm, name: str) -> Any:
    """What is ticked now, or would be."""
    return form[name].value() if name in form.fields else None


def _onward(ordered: Consultation) -> HttpResponse:
    """To the till; straight to the waiting room where nothing is to be paid."""
    till = frames.pay_address(ordered) if ordered.state == State.UNPAID else ""
    return redirect(till) if till else redirect("consultations:consultation", ordered.public_id)


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise Http404 from None


def _order(
    request: HttpRequest,
    form: OrderForm,
    *,
    patient: Patient,
    doctor: Clinician,
    kind: str,
    at: datetime,
) -> Consultation:
    given = form.cleaned_data
    if kind == "followup" and "diagnoses" in form.fields and not given["diagnoses"]:
        raise Refused(_("请勾选这次要复诊的诊断。"), code="diagnosis-needed")
    return services.order(
        request.user,
        patient=patient,
        doctor=doctor,
        kind=kind,
        diagnoses=given.get("diagnoses", []),
        complaint=given["complaint"],
        guardian_present=given.get("guardian_present", False),
        at=at,
    )
