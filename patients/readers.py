"""Whose records a clinician may read, told by the rooms that bring the two together.

A consultation, a review: each registers, under its kind, a function from the user to the patients
whom this user attends now. A kind that a deployment does not have is simply not there.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from patients.models import Patient

PatientsOf = Callable[[Any], QuerySet[Patient]]
_readers: dict[str, PatientsOf] = {}


def register(kind: str, *, patients_of: PatientsOf) -> None:
    _readers[kind] = patients_of


def reach_of(user: Any) -> Q:
    """The patients whom `user` may read as somebody who looks after them."""
    reach = Q(pk__in=[])
    for patients_of in _readers.values():
        reach |= Q(pk__in=patients_of(user).values("pk"))
    return reach
