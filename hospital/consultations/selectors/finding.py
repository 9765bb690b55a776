"""Finding a doctor: who takes online visits, by department, name, pinyin or symptom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from django.db.models import Avg, Count, Q, QuerySet

from doctors import selectors as doctors_of
from doctors.lifecycle import State as CredentialState
from doctors.models import Clinician, Credential, Service, Title
from hospital.consultations import symptoms
from hospital.consultations.lifecycle import State
from hospital.consultations.models import Consultation, Rating
from hospital.kernel.calendar import BEIJING, local_date
from hospital.kernel.normalise import folded
from patients import selectors as patients

KINDS: Final = ("followup", "advice")
PAGE: Final = 20
WORDS: Final = 20  # characters of a search that count


def doctors(
    at: datetime, *, department: str = "", words: str = "", only: str = "", user: Any = None
) -> QuerySet[Clinician]:
    """Doctors who can be asked online. `only` is "", "seen", "chief" or "receiving".

    `words` may be a part of a name or department, pinyin initials, or a symptom.
    """
    offering = Service.objects.filter(is_on=True, kind__in=KINDS).values("clinician")
    rows = doctors_of.practising(local_date(at)).filter(pk__in=offering)
    if department:
        rows = rows.filter(department__code=department)
    if words:
        rows = rows.filter(_matching(folded(words)[:WORDS]))
    match only:
        case "seen":
            rows = rows.filter(pk__in=_seen_by(user))
        case "chief":
            rows = rows.filter(title=Title.CHIEF)
        case "receiving":
            rows = rows.filter(is_receiving=True)
    return rows.order_by("department__order", "pk")


def _matching(words: str) -> Q:
    letters = words.lower()
    found = (
        Q(name__icontains=words)
        | Q(department__name__icontains=words)
        | Q(good_at__icontains=words)
        | Q(department__name__in=symptoms.departments_for(words))
    )
    if letters.isascii() and letters.isalpha():
        found |= Q(initials__istartswith=letters) | Q(department__initials__istartswith=letters)
    return found


def _seen_by(user: Any) -> QuerySet[Any]:
    mine = Consultation.objects.filter(patient__in=patients.linked_to(user))
    return mine.filter(accepted_at__isnull=False).values("doctor")


def doctors_after(
    rows: QuerySet[Clinician], after: UUID | None
) -> tuple[list[Clinician], str | None]:
    """One page of doctors in their order, from behind `after`; and where the next one begins."""
    if after is not None:
        last = Clinician.objects.select_related("department").filter(public_id=after).first()
        if last is not None:
            place = last.department.order
            rows = rows.filter(
                Q(department__order__gt=place) | Q(department__order=place, pk__gt=last.pk)
            )
    found = list(rows[: PAGE + 1])
    more = str(found[PAGE - 1].public_id) if len(found) > PAGE else None
    return found[:PAGE], more


@dataclass(frozen=True)
class Figures:
    """What a patient reads about a doctor before choosing."""

    visits: int = 0
    stars: float | None = None
    ratings: int = 0
    services: tuple[Service, ...] = ()
    places: int = 0  # left today, over all services
    is_seen: bool = False

    @property
    def from_fen(self) -> int | None:
        return min((service.price_fen for service in self.services), default=None)


def figures_of(rows: Sequence[Clinician], at: datetime, *, user: Any = None) -> dict[int, Figures]:
    """The figures of some doctors by id, in five queries however many they are."""
    ids = [row.pk for row in rows]
    services: dict[int, list[Service]] = {}
    for service in Service.objects.filter(clinician__in=ids, is_on=True).order_by("kind"):
        services.setdefault(service.clinician_id, []).append(service)
    left = places_left([each for several in services.values() for each in several], at)
    done = Consultation.objects.filter(doctor__in=ids, accepted_at__isnull=False)
    visits = dict(done.values_list("doctor").annotate(n=Count("pk")))
    rated = Rating.objects.filter(consultation__doctor__in=ids)
    stars = {
        doctor: (mean, n)
        for doctor, mean, n in rated.values_list("consultation__doctor").annotate(
            mean=Avg("stars"), n=Count("pk")
        )
    }
    known = getattr(user, "is_authenticated", False)
    seen = {row["doctor"] for row in _seen_by(user).filter(doctor__in=ids)} if known else set()
    return {
        pk: Figures(
            visits.get(pk, 0),
            *stars.get(pk, (None, 0)),
            tuple(reversed(services.get(pk, []))),
            sum(left.get(each.pk, 0) for each in services.get(pk, [])),
            pk in seen,
        )
        for pk in ids
    }


def places_left(services: Iterable[Service], at: datetime) -> dict[int, int]:
    """How many more may order each service today (by Beijing's calendar), by the service's id."""
    rows = list(services)
    start = datetime.combine(at.astimezone(BEIJING).date(), time.min, BEIJING)
    today = Consultation.objects.filter(
        doctor__in=[row.clinician_id for row in rows], ordered_at__gte=start
    ).exclude(state__in=[State.CANCELLED, State.EXPIRED])
    counted = today.values_list("doctor", "kind").annotate(n=Count("pk"))
    used = {(doctor, kind): n for doctor, kind, n in counted}
    return {
        row.pk: max(row.daily_quota - used.get((row.clinician_id, row.kind), 0), 0) for row in rows
    }


def licence_of(doctor: Clinician, at: datetime) -> Credential | None:
    """The credential in force, whose essentials are public (R-26)."""
    approved = Credential.objects.filter(clinician=doctor, state=CredentialState.APPROVED)
    return approved.filter(valid_until__gte=local_date(at)).first()


def ratings_of(doctor: Clinician, *, most: int = 5) -> list[Rating]:
    """The newest words of patients about a doctor."""
    rows = Rating.objects.filter(consultation__doctor=doctor).select_related(
        "consultation__patient"
    )
    return list(rows.order_by("-at", "-pk")[:most])
