"""What was agreed to, and what still has to be."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Max, OuterRef, QuerySet, Subquery

from patients.models import Consent, ConsentDraft, ConsentText, Link, Patient
from patients.purposes import NECESSARY


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
    needed = [*NECESSARY]
    if patient.links.filter(ended_at=None, is_guardian=True).exists():
        needed.append("guardian")
    return list(newest_texts().filter(kind__in=needed).exclude(pk__in=standing))


def consents_current(patient: Patient) -> bool:
    """Whether service and sensitive data (and, for a child, the guardian's) are agreed to now."""
    return not texts_needed(patient)


def has_consent(patient: Patient, kind: str) -> bool:
    """Whether the newest text of this kind is agreed to now, e.g. `courier`.

    The courier's counts only where it names the courier that we hand parcels to (PI-04).
    """
    newest = newest_texts().filter(kind=kind)
    if kind == "courier":
        newest = newest.filter(recipient=settings.COURIER_NAME).exclude(recipient="")
    return Consent.objects.filter(patient=patient, text__in=newest, withdrawn_at=None).exists()


def guardian_consent(patient: Patient) -> Consent | None:
    """The newest guardian's text, agreed to by who is a guardian of this patient now (PI-06)."""
    guardians = patient.links.filter(ended_at=None, is_guardian=True).values("account")
    newest = newest_texts().filter(kind="guardian")
    standing = Consent.objects.filter(patient=patient, withdrawn_at=None, text__in=newest)
    return standing.filter(by__in=guardians).order_by("at", "pk").first()


def guarded_among(patients: Sequence[Patient]) -> set[int]:
    """Which of these have a guardian who consents for them, by primary key."""
    links = Link.objects.filter(patient__in=patients, ended_at=None, is_guardian=True)
    return set(links.values_list("patient", flat=True))


def locked_draft(draft: ConsentDraft) -> ConsentDraft:
    return ConsentDraft.objects.select_for_update().get(pk=draft.pk)
