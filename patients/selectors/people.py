"""Whom a person may see, and how they are linked to them."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from hospital.his import selectors as his
from hospital.kernel.prepared import Prepared
from patients import readers
from patients.models import Address, Link, Medicine, Patient
from patients.standing import speaks, standing


def visible_to(user: Any) -> QuerySet[Patient]:
    """Whoever `user` may see: oneself and family, and as a clinician those one looks after.

    A restricted record is stored and read by nobody (PI-09).
    """
    linked = Link.objects.filter(standing(), account=user).values("patient")
    reach = Q(pk__in=linked) | readers.reach_of(user)
    open_ones = Patient.objects.filter(restricted_at=None)
    return open_ones.filter(reach).select_related("person")


def linked_to(user: Any, *, speaking: bool = False) -> QuerySet[Patient]:
    """Oneself first, then family and whom one helps, in the order they came.

    With `speaking` only those in whose stead one may decide: whom one helps decides alone.
    """
    links = Q(links__account=user) & (speaks if speaking else standing)("links__")
    oneself_first = Case(When(links__relation="self", then=0), default=1)
    found = Patient.objects.filter(links).select_related("person")
    return found.order_by(oneself_first, "links__since", "pk")


def linked(user: Any, public_id: UUID) -> Patient | None:
    """The one of `linked_to` whom the address names."""
    return next(iter(_linked(user.pk, public_id)), None)


_linked: Final = Prepared(lambda account, public_id: linked_to(account).filter(public_id=public_id))


def links_of(user: Any) -> QuerySet[Link]:
    """The people `user` acts for now, with the patient of each; oneself first.

    Not by age alone: an own link that was begun again is younger than a child's.
    """
    mine = Link.objects.filter(standing(), account=user).select_related("patient__person")
    return mine.order_by(Case(When(relation="self", then=0), default=1), "since", "pk")


def link_of(user: Any, patient: Patient) -> Link | None:
    """How `user` is linked to the patient now; None for everybody else."""
    return Link.objects.filter(standing(), account=user, patient=patient).first()


def as_of(patient: Patient) -> datetime | None:
    """Up to when what the hospital told of this patient is true; None where that is not known."""
    return his.as_of(patient.person)


def others_acting_for(patient: Patient) -> QuerySet[Link]:
    """Family and helpers who act for this patient now, the newest first."""
    others = Link.objects.filter(standing(), patient=patient).exclude(relation="self")
    return others.select_related("account").order_by("-since", "-pk")


def links_to_oneself(user: Any) -> QuerySet[Link]:
    """By which others act, or acted, for the person whom this account says it is."""
    me = Link.objects.filter(standing(), account=user, relation="self").values("patient")
    others = Link.objects.filter(patient__in=me).exclude(relation="self")
    return others.select_related("patient")


def links_to_end_by(user: Any) -> QuerySet[Link]:
    """One's own to others, others' to oneself; also those that are over, for again is no harm."""
    to_oneself = links_to_oneself(user).values("pk")
    return Link.objects.filter(Q(account=user) | Q(pk__in=to_oneself)).select_related("patient")


def links_to_end(at: datetime) -> QuerySet[Link]:
    """Those past the moment at which they end by themselves."""
    return Link.objects.filter(ended_at=None, until__lte=at).order_by("until", "pk")


def locked(patient: Patient) -> Patient:
    return Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)


def addresses_of(user: Any) -> QuerySet[Address]:
    return Address.objects.filter(account=user).order_by("-at", "-pk")


def told_medicines(patient: Patient) -> QuerySet[Medicine]:
    """What was told here and not stopped; more than a page of it nobody may tell."""
    own = patient.medicines.filter(source="self", until=None, withdrawn_at=None)
    return own.order_by("pk")


def medicines_told_by(user: Any) -> QuerySet[Medicine]:
    """What was told here of those for whom `user` acts, stopped or not."""
    mine = Medicine.objects.filter(patient__in=linked_to(user), source="self")
    return mine.select_related("patient")
