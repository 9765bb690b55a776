"""Find a doctor: departments, the list, one doctor's page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from doctors import selectors as doctors_of
from hospital.accounts.roles import Role
from hospital.consultations import selectors
from hospital.kernel.access import door
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now

_FILTERS = ("", "seen", "receiving", "chief")


@door("doctor.browse")
@require_GET
def departments(request: HttpRequest) -> HttpResponse:
    staffed = doctors_of.practising(local_date(database_now())).values("department")
    rows = doctors_of.departments().filter(pk__in=staffed)  # none that leads to an empty list
    return render(request, "consultations/departments.html", {"departments": rows})


@door("doctor.browse")
@require_GET
def doctors(request: HttpRequest) -> HttpResponse:
    """Who can be asked. A filter changes the list alone; without scripts, the page."""
    asked, at = request.GET, database_now()
    only = asked.get("only", "") if asked.get("only") in _FILTERS else ""
    is_patient = request.user.is_authenticated and request.user.holds(Role.PATIENT)
    if only == "seen" and not is_patient:
        only = ""
    department, words = asked.get("department", ""), asked.get("q", "").strip()
    rows = selectors.doctors(at, department=department, words=words, only=only, user=request.user)
    found, more = selectors.doctors_after(rows, _cursor(asked.get("after")))
    figures = selectors.figures_of(found, at, user=request.user if is_patient else None)
    seen = {
        "rows": [(doctor, figures[doctor.pk]) for doctor in found],
        "next": more,
        "only": only,
        "words": words,
        "is_patient": is_patient,
        "department": doctors_of.departments().filter(code=department).first(),
    }
    fragment = request.headers.get("HX-Target") == "found"
    template = "consultations/_doctors.html" if fragment else "consultations/doctors.html"
    return render(request, template, seen)


@door("doctor.browse")
@require_GET
def doctor(request: HttpRequest, public_id: UUID) -> HttpResponse:
    at = database_now()
    found = get_object_or_404(selectors.doctors(at), public_id=public_id)
    figures = selectors.figures_of([found], at)[found.pk]
    seen = {
        "doctor": found,
        "figures": figures,
        "places": selectors.places_left(figures.services, at),
        "licence": selectors.licence_of(found, at),
        "ratings": selectors.ratings_of(found),
    }
    return render(request, "consultations/doctor.html", seen)


def _cursor(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
