"""What was agreed to, and what still has to be."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db.models import Max, OuterRef, QuerySet, Subquery

from hospital.kernel.calendar import full_years
from patients.claims import OWN_CONSENT
from patients.models import Consent, ConsentDraft, ConsentText, Link, Patient
from patients.purposes import NECESSARY
from patients.standing import standing


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


def texts_needed(patient: Patient, *, on: date) -> list[ConsentText]:
    """What must be agreed to before a service and has not been, in the order to show it.

    For a child a guardian agrees to one text more; from 14 on the child to one of their own.
    """
    given = consents_of(patient).filter(withdrawn_at=None).values("text")
    needed = [*NECESSARY]
    if patient.links.filter(standing(), is_guardian=True).exists():
        needed.append("guardian")
        if full_years(patient.birth_date, on) >= OWN_CONSENT:
            needed.append("own")
    return list(newest_texts().filter(kind__in=needed).exclude(pk__in=given))


def consents_current(patient: Patient, *, on: date) -> bool:
    """Whether service and sensitive data (and, for a child, the guardian's) are agreed to now."""
    return not texts_needed(patient, on=on)


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
    guardians = patient.links.filter(standing(), is_guardian=True).values("account")
    newest = newest_texts().filter(kind="guardian")
    given = Consent.objects.filter(patient=patient, withdrawn_at=None, text__in=newest)
    return given.filter(by__in=guardians).order_by("at", "pk").first()


def guarded_among(patients: Sequence[Patient]) -> set[int]:
    """Which of these have a guardian who consents for them, by primary key."""
    links = Link.objects.filter(standing(), patient__in=patients, is_guardian=True)
    return set(links.values_list("patient", flat=True))


def locked_draft(draft: ConsentDraft) -> ConsentDraft:
    return ConsentDraft.objects.select_for_update().get(pk=draft.pk)
