"""What was agreed to, and what still has to be."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Max, OuterRef, QuerySet, Subquery

from patients.models import Consent, ConsentText, Patient

_NEEDED: Final = ("service", "sensitive")


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
