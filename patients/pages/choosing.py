"""Whose page it is, where one account acts for several people."""

from django.http import HttpRequest

from patients.models import Patient


def chosen(request: HttpRequest, patients: list[Patient]) -> Patient | None:
    """The one that the address names; oneself, who comes first, where nobody is named."""
    wish = request.GET.get("patient")
    return next(
        (each for each in patients if str(each.public_id) == wish),
        patients[0] if patients and not wish else None,
    )
