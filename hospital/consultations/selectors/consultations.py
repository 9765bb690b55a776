"""Consultations, as each person may see them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from hospital.accounts.roles import Role
from hospital.consultations.lifecycle import ALIVE, HandoverState, State
from hospital.consultations.models import Consultation, Handover
from hospital.consultations.selectors.practice import practising_now
from patients import selectors as patients
from patients.models import Patient

READABLE_AFTER: Final = timedelta(days=7)  # a doctor may look back at what they attended
_SHOWN = ("patient", "doctor__department", "doctor__user", "charge")


def visible_to(user: Any) -> QuerySet[Consultation]:
    """One's own and one's family's; a doctor's own once they are paid for, while they practise."""
    return Consultation.objects.filter(_of_patient(user) | _of_doctor(user)).select_related(*_SHOWN)


def acting_for(user: Any) -> QuerySet[Consultation]:
    """Those in which this person is the patient or acts for the patient."""
    return Consultation.objects.filter(_of_patient(user)).select_related(*_SHOWN)


def going_on(user: Any) -> QuerySet[Consultation]:
    """The person's own that are not over, the newest first."""
    return acting_for(user).filter(state__in=ALIVE).order_by("-ordered_at", "-pk")


def attended_by(user: Any) -> QuerySet[Consultation]:
    return Consultation.objects.filter(_of_doctor(user)).select_related(*_SHOWN)


def _of_patient(user: Any) -> Q:
    if not user.holds(Role.PATIENT):
        return Q(pk__in=[])
    return Q(patient__in=patients.linked_to(user))


def _of_doctor(*users: Any) -> Q:
    """Of none whose licence is not in force: they have no business in it any more."""
    doctors = practising_now(users).values("pk")
    return Q(doctor__in=doctors, paid_at__isnull=False, patient__restricted_at=None)


def places_held(users: Collection[Any], ids: Collection[UUID]) -> set[tuple[int, UUID]]:
    """Who of `users` has a place in which of these: (user, consultation), as `visible_to` says.

    For all open conversations of a process in two queries, where that would ask one for each.
    """
    rows = Consultation.objects.filter(public_id__in=ids)
    family = [user.pk for user in users if user.holds(Role.PATIENT)]
    acting = rows.filter(patients.standing("patient__links__"), patient__links__account__in=family)
    attending = rows.filter(_of_doctor(*users))
    return {
        *acting.values_list("patient__links__account", "public_id"),
        *attending.values_list("doctor__user", "public_id"),
    }


def locked(consultation: Consultation) -> Consultation:
    """The row as it stands now, held until the transaction ends. Lock it before its charge."""
    rows = Consultation.objects.select_related("patient", "doctor__department", "doctor__user")
    rows = rows.select_for_update(of=("self",))
    try:
        return rows.get(pk=consultation.pk)
    except Consultation.DoesNotExist:
        # A handover that was waited for has changed the doctor: the row that PostgreSQL looks at
        # again after waiting fits the join of before no more. It does for a statement of now.
        return rows.get(pk=consultation.pk)


def of_stream(stream: UUID) -> Consultation | None:
    return Consultation.objects.filter(public_id=stream).select_related(*_SHOWN).first()


def readable_patients(user: Any) -> QuerySet[Patient]:
    """Whose health record this doctor may open because of a consultation."""
    mine = attended_by(user).filter(
        Q(state__in=[State.WAITING, State.OPEN])
        | Q(accepted_at__isnull=False, ended_at__gte=Now() - READABLE_AFTER)
    )
    return Patient.objects.filter(pk__in=mine.values("patient"))


def ahead_of(consultation: Consultation) -> int:
    """How many paid before and still wait for the same doctor."""
    before = Consultation.objects.filter(
        doctor=consultation.doctor, state=State.WAITING, paid_at__lt=consultation.paid_at
    )
    return before.count()


def overdue(at: datetime, *, grace: timedelta, most: int) -> dict[str, list[int]]:
    """What a deadline has passed for, by step. What is offered to colleagues has one of its own."""
    offered = Handover.objects.filter(consultation=OuterRef("pk"), state=HandoverState.ASKED)
    rows = Consultation.objects.filter(~Exists(offered), state__in=ALIVE).order_by("pk")

    def ids(**which: Any) -> list[int]:
        return list(rows.filter(**which).values_list("pk", flat=True)[:most])

    return {
        "expire": ids(state=State.UNPAID, pay_by__lte=at - grace),
        "lapse": ids(state=State.WAITING, accept_by__lte=at),
        "close": ids(state=State.OPEN, open_until__lte=at),
    }
