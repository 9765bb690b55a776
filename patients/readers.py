"""Whose records a clinician may read, told by the rooms that bring the two together.

A consultation, a review: each registers, under its kind, a function from the user to the patients
whom this user attends now. A kind that a deployment does not have is simply not there.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from patients.models import Patient

PatientsOf = Callable[[Any], QuerySet[Patient]]
# On what ground a record is read, the one that weighs more first: while somebody looks through
# break-glass everything they read is said to be that.
GROUNDS: Final = ("break-glass", "care", "shared")


class _Reader(NamedTuple):
    patients_of: PatientsOf
    ground: str


_readers: dict[str, _Reader] = {}


def register(kind: str, *, patients_of: PatientsOf, ground: str = "care") -> None:
    _readers[kind] = _Reader(patients_of, ground)


def reach_of(user: Any) -> Q:
    """The patients whom `user` may read as somebody who looks after them, or was let in."""
    reach = Q(pk__in=[])
    for reader in _readers.values():
        reach |= Q(pk__in=reader.patients_of(user).values("pk"))
    return reach


def ground_of(user: Any, patient: Patient) -> str | None:
    """On which ground `user` may read this record now; None where there is none."""
    readers = sorted(_readers.values(), key=lambda reader: GROUNDS.index(reader.ground))
    if not readers:
        return None
    held = Patient.objects.filter(pk=patient.pk).values_list(
        *(Exists(reader.patients_of(user).filter(pk=OuterRef("pk"))) for reader in readers)
    )
    return next((each.ground for each, has in zip(readers, held[0], strict=True) if has), None)
