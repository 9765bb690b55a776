"""Which patients, links and consents a person may see, and the facts that rules ask for."""

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from hospital.his.models import Observation, Report
from patients import readers
from patients.facts import (
    CurrentMedicine,
    KnownAllergy,
    allergies,
    current_medicines,
    egfr,
    evidence,
)
from patients.models import Address, Consent, ConsentText, Link, Patient

__all__ = [
    "CurrentMedicine",
    "KnownAllergy",
    "abnormal_counts",
    "addresses_of",
    "allergies",
    "consents_current",
    "consents_of",
    "consents_of_all",
    "current_medicines",
    "egfr",
    "evidence",
    "has_consent",
    "link_of",
    "linked_to",
    "links_of",
    "locked",
    "newest_texts",
    "observations_behind",
    "reports_visible_to",
    "texts_needed",
    "visible_to",
]
_NEEDED = ("service", "sensitive")
MOST_VALUES: Final = 1000  # behind the trends of one report


def visible_to(user: Any) -> QuerySet[Patient]:
    """Whoever `user` may see: oneself and family, and as a clinician those one looks after."""
    linked = Link.objects.filter(account=user, ended_at=None).values("patient")
    reach = Q(pk__in=linked) | readers.reach_of(user)
    return Patient.objects.filter(reach).select_related("person")


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


def newest_texts() -> QuerySet[ConsentText]:
    """The version of each consent text that is agreed to now."""
    newest = (
        ConsentText.objects.filter(kind=OuterRef("kind"))
        .values("kind")
        .annotate(newest=Max("version"))
        .values("newest")
    )
    return ConsentText.objects.filter(version=Subquery(newest)).order_by("pk")


def consents_of(patient: Patient) -> QuerySet[Consent]:
    return Consent.objects.filter(patient=patient).select_related("text").order_by("-at", "-pk")


def consents_of_all(patients: Sequence[Patient]) -> QuerySet[Consent]:
    return (
        Consent.objects.filter(patient__in=patients).select_related("text").order_by("-at", "-pk")
    )


def texts_needed(patient: Patient) -> list[ConsentText]:
    """What must be agreed to before a service and has not been, in the order to show it."""
    standing = consents_of(patient).filter(withdrawn_at=None).values("text")
    needed = [*_NEEDED]
    if patient.links.filter(ended_at=None, is_guardian=True).exists():
        needed.append("guardian")
    return list(newest_texts().filter(kind__in=needed).exclude(pk__in=standing))


def consents_current(patient: Patient) -> bool:
    """Whether service and sensitive data (and, for a child, the guardian's) are agreed to now."""
    return not texts_needed(patient)


def has_consent(patient: Patient, kind: str) -> bool:
    """Whether the newest text of this kind is agreed to now, e.g. `courier`."""
    newest = newest_texts().filter(kind=kind)
    return Consent.objects.filter(patient=patient, text__in=newest, withdrawn_at=None).exists()


def addresses_of(user: Any) -> QuerySet[Address]:
    return Address.objects.filter(account=user).order_by("-at", "-pk")


def reports_visible_to(user: Any) -> QuerySet[Report]:
    """The reports of oneself and family."""
    people = linked_to(user).exclude(person=None).order_by().values("person")
    return Report.objects.filter(person__in=people)


def abnormal_counts(reports: Sequence[Report]) -> dict[int, int]:
    """How many values of each report lie outside their reference range."""
    outside = Q(value__gt=F("high")) | Q(value__lt=F("low"))
    found = Observation.objects.filter(outside, report__in=reports)
    return dict(found.values_list("report").annotate(Count("pk")).order_by())


def observations_behind(report: Report) -> QuerySet[Observation]:
    """Every value up to this report of the items that stand in it, the oldest first."""
    codes = report.observations.values("code")
    series = Observation.objects.filter(person=report.person_id, code__in=codes)
    return series.filter(at__lte=report.at).order_by("at", "pk")[:MOST_VALUES]
