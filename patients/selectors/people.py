"""Whom a person may see, and how they are linked to them."""

from typing import Any

from django.db.models import Q, QuerySet

from patients import readers
from patients.models import Address, Link, Patient


def visible_to(user: Any) -> QuerySet[Patient]:
    """Whoever `user` may see: oneself and family, and as a clinician those one looks after.

    A restricted record is stored and read by nobody (PI-09).
    """
    linked = Link.objects.filter(account=user, ended_at=None).values("patient")
    reach = Q(pk__in=linked) | readers.reach_of(user)
    open_ones = Patient.objects.filter(restricted_at=None)
    return open_ones.filter(reach).select_related("person")


def linked_to(user: Any) -> QuerySet[Patient]:
    """Oneself and family, oneself first."""
    links = Q(links__account=user, links__ended_at=None)
    return Patient.objects.filter(links).select_related("person").order_by("links__since", "pk")


def links_of(user: Any) -> QuerySet[Link]:
    """The people `user` acts for now, with the patient of each."""
    mine = Link.objects.filter(account=user, ended_at=None)
    return mine.select_related("patient__person").order_by("since", "pk")


def link_of(user: Any, patient: Patient) -> Link | None:
    """How `user` is linked to the patient now; None for everybody else."""
    return Link.objects.filter(account=user, patient=patient, ended_at=None).first()


def locked(patient: Patient) -> Patient:
    return Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)


def addresses_of(user: Any) -> QuerySet[Address]:
    return Address.objects.filter(account=user).order_by("-at", "-pk")
