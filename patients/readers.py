"""Whose records a clinician may read, told by the rooms that bring the two together.

A consultation, a review: each registers, under its kind, a function from the user to the patients
whom this user attends now. A kind that a deployment does not have is simply not there.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from hospital.accounts.models import User
from hospital.kernel.prepared import Prepared
from patients.models import Link, Patient
from patients.standing import standing

PatientsOf = Callable[[Any], QuerySet[Patient]]
# On what ground a record is read, the one that weighs more first: while somebody looks through
# break-glass everything they read is said to be that.
GROUNDS: Final = ("break-glass", "care", "shared")


class _Reader(NamedTuple):
    patients_of: PatientsOf
    ground: str


class Reached(NamedTuple):
    """Somebody whom a user may see, and why."""

    patient: Patient
    ground: str | None  # None: oneself or family


_readers: dict[str, _Reader] = {}


def register(kind: str, *, patients_of: PatientsOf, ground: str = "care") -> None:
    """`patients_of` may decide by a user's roles; who the user is, it leaves to its query."""
    _readers[kind] = _Reader(patients_of, ground)


def reach_of(user: Any) -> Q:
    """The patients whom `user` may read as somebody who looks after them, or was let in."""
    reach = Q(pk__in=[])
    for reader in _readers.values():
        reach |= Q(pk__in=reader.patients_of(user).values("pk"))
    return reach


def reached(user: Any, public_id: UUID) -> Reached | None:
    """`visible_to` and `ground_of` in one question, for the door that is opened most."""
    shape = (user.is_active, tuple(user.roles), tuple(_readers.items()))
    for patient in _reached(public_id, user.pk, shape=shape):
        held = [each.ground for kind, each in _weighed() if getattr(patient, _name(kind))]
        if held or patient.is_linked:
            return Reached(patient, held[0] if held else None)
    return None


def ground_of(user: Any, patient: Patient) -> str | None:
    """On which ground `user` may read this record now; None where there is none."""
    if not _readers:
        return None
    held = Patient.objects.filter(pk=patient.pk).values_list(
        *(Exists(each.patients_of(user).filter(pk=OuterRef("pk"))) for _kind, each in _weighed())
    )
    return next(
        (each.ground for (_kind, each), has in zip(_weighed(), held[0], strict=True) if has), None
    )


def _weighed() -> list[tuple[str, _Reader]]:
    return sorted(_readers.items(), key=lambda pair: GROUNDS.index(pair[1].ground))


def _name(kind: str) -> str:
    return f"by_{kind.replace('-', '_')}"


def _with_grounds(shape: Any, public_id: UUID, user_id: int) -> QuerySet[Patient]:
    """For a user of such roles; readers look at nothing else of a user but who they are."""
    is_active, roles, _kinds = shape
    user = User(pk=user_id, is_active=is_active, roles=list(roles))
    links = Link.objects.filter(standing(), account=user_id, patient=OuterRef("pk"))
    grounds = {
        _name(kind): Exists(each.patients_of(user).filter(pk=OuterRef("pk")))
        for kind, each in _readers.items()
    }
    found = Patient.objects.filter(public_id=public_id, restricted_at=None)
    return found.select_related("person").annotate(is_linked=Exists(links), **grounds)


_reached: Final = Prepared(_with_grounds)
