"""Clinicians see when they are on duty."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from doctors import selectors
from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.clock import database_now

MANY: Final = 60  # duties that are shown


@door("duty.own")
@require_GET
def duty(request: HttpRequest) -> HttpResponse:
    """What is before them, the running one first; who changes it is the office."""
    at = database_now()
    rows = selectors.own_duties(user_of(request), at)[:MANY]
    return render(request, "doctors/duty.html", {"rows": rows, "at": at})
