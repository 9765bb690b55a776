"""What was agreed to, and what still has to be."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from hospital.kernel.calendar import full_years, local_date
from hospital.kernel.clock import database_now
from patients.claims import ADULT, OWN_CONSENT, birthday, consents_beside
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


def in_force(patient: Patient, *, on: date) -> QuerySet[Consent]:
    """What is agreed to and counts on this day.

    A child's own word counts from the fourteenth birthday on. Of a grown-up counts nothing that
    another account agreed to before they were of age, however its link ended.
    """
    birth = patient.birth_date
    given = consents_of(patient).filter(withdrawn_at=None)
    given = given.exclude(text__kind="own", at__lt=birthday(birth, OWN_CONSENT))
    if full_years(birth, on) < ADULT:
        return given
    own = patient.links.filter(standing(), relation="self").values("account")
    return given.exclude(~Q(by__in=own), at__lt=birthday(birth, ADULT))


def texts_needed(patient: Patient, *, on: date) -> list[ConsentText]:
    """What must be agreed to before a service and has not been, in the order to show it.

    For a child a guardian agrees to one text more; from 14 on the child to one of their own.
    """
    given = in_force(patient, on=on).values("text")
    needed = [*NECESSARY]
    if patient.links.filter(standing(), is_guardian=True).exists():
        needed.append("guardian")
        if consents_beside(patient.birth_date, on):
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
    on = local_date(database_now())
    return in_force(patient, on=on).filter(text__in=newest).exists()


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
