"""报告: one's own and one's family's, each with how its items went; two side by side; a sheet."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from hospital.his.models import Person, Report
from hospital.kernel.access import door
from hospital.kernel.clock import database_now
from patients import selectors
from patients.models import Patient
from patients.pages import showing
from patients.pages.choosing import chosen
from patients.reports import paper
from patients.reports.items import items_of


@door("patient.reports")
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Those of one patient; of oneself where nobody is named."""
    patients = list(selectors.linked_to(request.user))
    patient = chosen(request, patients)
    seen = {"patients": patients, "patient": patient}
    if patient is not None:
        seen |= showing.listed(request, patient)
    template = "patients/_reports.html" if request.htmx else "patients/reports.html"  # type: ignore[attr-defined]
    return render(request, template, seen)


@door("patient.reports")
@require_GET
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = _own(request, public_id)
    seen = {"patient": _whose(request, found.person), **showing.one(found)}
    return render(request, "patients/report.html", seen)


@door("patient.reports")
@require_GET
def compare(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = _own(request, public_id)
    seen, _shown = showing.compared(request, found, selectors.reports_visible_to(request.user))
    seen["patient"] = _whose(request, found.person)
    return render(request, "patients/compare.html", seen)


@door("patient.reports")
@require_GET
def item(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How one item went over the years."""
    mine = selectors.observations_visible_to(request.user).select_related("person")
    found = get_object_or_404(mine, public_id=public_id)
    seen = {"patient": _whose(request, found.person), **showing.trend(request, found)}
    return render(request, "patients/item.html", seen)


@door("patient.reports")
@require_GET
def sheet(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The report as PDF, to print or to hand on."""
    found = _own(request, public_id)
    whole = paper.sheet(
        found,
        items_of(selectors.items_of_report(found)),
        patient=_whose(request, found.person),
        hospital=settings.HOSPITAL_NAME,
        at=database_now(),
    )
    name = f"report-{localtime(found.at):%Y%m%d}.pdf"
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(whole, content_type="application/pdf", headers=headers)


def _own(request: HttpRequest, public_id: UUID) -> Report:
    mine = selectors.reports_visible_to(request.user)
    return get_object_or_404(mine.select_related("person"), public_id=public_id)


def _whose(request: HttpRequest, person: Person) -> Patient:
    return get_object_or_404(selectors.linked_to(request.user), person=person)
