"""Whose page it is, where one account acts for several people."""

from django.http import HttpRequest

from patients import acting
from patients.models import Patient


def chosen(request: HttpRequest, patients: list[Patient]) -> Patient | None:
    """The one that the address names, else for whom one is acting, else oneself, who is first.

    Where one acts for somebody no longer it is oneself again.
    """
    if named := request.GET.get("patient"):
        return _of(named, patients)
    oneself = patients[0] if patients else None
    return _of(acting.chosen(request), patients) or oneself


def _of(wish: str, patients: list[Patient]) -> Patient | None:
    return next((each for each in patients if str(each.public_id) == wish), None)
