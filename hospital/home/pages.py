"""The first pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from hospital.home import cards
from hospital.home.greetings import greeting
from hospital.home.roles import work_home
from hospital.kernel.access import door
from hospital.kernel.clock import database_now


@door("home.first")
@require_GET
def first(request: HttpRequest) -> HttpResponse:
    """A visitor sees what this is; a patient their own page; who works here goes to work."""
    if not request.user.is_authenticated:
        return render(request, "home/visitor.html")
    if work := work_home(request.user):
        return redirect(work)
    return render(request, "home/patient.html", _today(request, cards.PATIENT))


@door("home.doctor")
@require_GET
def doctor(request: HttpRequest) -> HttpResponse:
    return render(request, "home/doctor.html", _today(request, cards.DOCTOR))


@door("home.pharmacist")
@require_GET
def pharmacist(request: HttpRequest) -> HttpResponse:
    return render(request, "home/pharmacist.html", _today(request, cards.PHARMACIST))


@door("home.me")
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    return render(request, "home/me.html")


def _today(request: HttpRequest, sources: tuple[cards.Source, ...]) -> dict[str, Any]:
    at = database_now()
    return {
        "at": at,
        "greeting": greeting(at),
        "cards": cards.dealt(sources, request.user, at),
    }
