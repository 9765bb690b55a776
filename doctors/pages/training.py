"""One's own trainings and assessments."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from doctors import selectors
from hospital.accounts.asking import user_of
from hospital.kernel.access import door

MOST: Final = 100  # on the page; nobody has more in years


@door("doctor.training")
@require_GET
def training(request: HttpRequest) -> HttpResponse:
    """What was recorded of oneself, the newest first."""
    user = user_of(request)
    rows = selectors.trainings_visible_to(user).filter(clinician__user=user)[:MOST]
    return render(request, "doctors/training.html", {"rows": rows})
