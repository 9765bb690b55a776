"""Reports as clinicians read them, under the record: the same pages, and a trace of each."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.clock import database_now
from patients import selectors, services
from patients.models import Patient
from patients.pages import showing
from patients.pages.asking import uuid_named


@door("patient.health")
@require_GET
def reports(request: HttpRequest, public_id: UUID) -> HttpResponse:
    patient = _readable(request, public_id)
    _note(request, patient, [patient])
    seen = showing.listed(request, patient)
    template = "patients/_reports.html" if request.htmx else "patients/clinic_reports.html"  # type: ignore[attr-defined]
    return _shown(request, template, patient, seen)


@door("patient.health")
@require_GET
def report(request: HttpRequest, public_id: UUID, report_id: UUID) -> HttpResponse:
    patient = _readable(request, public_id)
    theirs = selectors.reports_of(patient).select_related("person")
    found = get_object_or_404(theirs, public_id=report_id)
    _note(request, patient, [found])
    return _shown(request, "patients/clinic_report.html", patient, showing.one(found))


@door("patient.health")
@require_GET
def compare(request: HttpRequest, public_id: UUID, report_id: UUID) -> HttpResponse:
    patient = _readable(request, public_id)
    theirs = selectors.reports_of(patient)
    found = get_object_or_404(theirs.select_related("person"), public_id=report_id)
    seen, shown = showing.compared(request, found, theirs)
    _note(request, patient, shown or [patient])
    return _shown(request, "patients/clinic_compare.html", patient, seen)


@door("patient.health")
@require_GET
def item(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    patient = _readable(request, public_id)
    theirs = selectors.observations_of(patient).select_related("person")
    found = get_object_or_404(theirs, public_id=item_id)
    _note(request, patient, [found])
    return _shown(request, "patients/clinic_item.html", patient, showing.trend(request, found))


def _readable(request: HttpRequest, public_id: UUID) -> Patient:
    return get_object_or_404(selectors.visible_to(request.user), public_id=public_id)


def _note(request: HttpRequest, patient: Patient, things: Iterable[Model]) -> None:
    services.open_reports(
        patient,
        things,
        by=user_of(request),
        at=database_now(),
        why=request.GET.get("why") or "care",
        stream=uuid_named(request, "stream"),
    )


def _shown(
    request: HttpRequest, template: str, patient: Patient, seen: dict[str, Any]
) -> HttpResponse:
    """With why and for which visit it is read, so that the next page says the same."""
    carried = {name: request.GET[name] for name in ("why", "stream") if name in request.GET}
    told = {"patient": patient, "is_clinic": True, "carried": urlencode(carried), **seen}
    return render(request, template, told)
