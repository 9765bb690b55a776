"""Finding a doctor: who takes online visits, by department, name, pinyin or symptom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, When

from doctors import selectors as doctors_of
from doctors.models import Clinician, Service, Title
from hospital.consultations import symptoms
from hospital.consultations.models import Consultation
from hospital.consultations.selectors.places import full_today
from hospital.consultations.selectors.receiving import receiving_now
from hospital.kernel.calendar import local_date
from hospital.kernel.normalise import folded
from patients import selectors as patients

KINDS: Final = ("followup", "advice")
PAGE: Final = 20
WORDS: Final = 20  # characters of a search that count
_PLAIN: Final = ("department__order", "pk")
ONLY: Final = ("seen", "receiving", "places", "chief")


@dataclass(frozen=True)
class Wish:
    """What a patient looks for. `words`: of a name or department, pinyin, or a symptom."""

    department: str = ""
    words: str = ""
    only: frozenset[str] = frozenset()  # of ONLY; all of them must hold
    most_fen: int | None = None  # what a visit may cost


ANYBODY: Final = Wish()


def doctors(
    at: datetime, wish: Wish = ANYBODY, *, user: Any = None, after: UUID | None = None
) -> QuerySet[Clinician]:
    """The doctors who can be asked online; only those behind `after`.

    First those whom `user` has seen before (`rank` 0), then those called so (1), then all others,
    in the order of the departments. Each has `receives`.
    """
    seen = seen_by(user) if user is not None else set()
    today = local_date(at)
    mine = Service.objects.filter(clinician=OuterRef("pk"), is_on=True, kind__in=KINDS)
    offers = doctors_of.with_prices(mine, today).filter(price_fen__isnull=False)
    if wish.most_fen is not None:
        offers = offers.filter(price_fen__lte=wish.most_fen)
    if "places" in wish.only:
        offers = offers.exclude(pk__in=full_today(at))
    rows = doctors_of.practising(today).filter(Exists(offers))
    if wish.department:
        rows = rows.filter(doctors_of.within(wish.department))
    if wish.words:
        rows = rows.filter(_matching(wish.words))
    if "seen" in wish.only:
        rows = rows.filter(pk__in=list(seen))
    if "chief" in wish.only:
        rows = rows.filter(title=Title.CHIEF)
    receives = receiving_now(at)
    if "receiving" in wish.only:
        rows = rows.filter(receives)
    rank = _rank(seen, wish.words)
    rows = rows.annotate(receives=Case(When(receives, then=True), default=False), rank=rank)
    rows = rows.select_related("department__parent", "standing")
    if not seen and not wish.words:  # all of one rank
        return rows.filter(doctors_of.behind(after) if after else Q()).order_by(*_PLAIN)
    return rows.filter(_behind(after, rank) if after else Q()).order_by("rank", *_PLAIN)


def doctors_after(rows: QuerySet[Clinician]) -> tuple[list[Clinician], str | None]:
    """The first page of these; and behind whom the next one begins."""
    found = list(rows[: PAGE + 1])
    more = str(found[PAGE - 1].public_id) if len(found) > PAGE else None
    return found[:PAGE], more


def seen_by(user: Any) -> set[int]:
    """Who has attended this person or somebody of the family: rows and public ids."""
    mine = Consultation.objects.filter(
        patient__in=patients.linked_to(user).order_by().values("pk"), accepted_at__isnull=False
    )
    return set(mine.values_list("doctor", flat=True))


def _matching(words: str) -> Q:
    typed = folded(words)[:WORDS]
    usual = symptoms.departments_for(typed)
    found = doctors_of.named(typed) | Q(good_at__icontains=typed)
    return found | Q(department__name__in=usual) if usual else found


def _rank(seen: set[int], words: str) -> Case:
    cases = [When(pk__in=list(seen), then=0)] if seen else []
    if words:
        cases.append(When(doctors_of.called(words), then=1))
    return Case(*cases, default=2, output_field=IntegerField())


def _behind(after: UUID, rank: Case) -> Q:
    last = Clinician.objects.filter(public_id=after).annotate(rank=rank).values("rank")
    return Q(rank__gt=Subquery(last)) | Q(rank=Subquery(last)) & doctors_of.behind(after)
