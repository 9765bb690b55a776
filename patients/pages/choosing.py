"""Whose page it is, where one account acts for several people."""

from django.http import HttpRequest

from patients import acting
from patients.models import Patient


def chosen(request: HttpRequest, patients: list[Patient]) -> Patient | None:
    """The one that the address names, else for whom one is acting, else oneself, who is first."""
    wish = request.GET.get("patient") or acting.chosen(request)
    return next(
        (each for each in patients if str(each.public_id) == wish),
        patients[0] if patients and not wish else None,
    )
