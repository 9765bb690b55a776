"""What the mirror knows. Only `patients` shows it to people, and decides to whom."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from hospital.his.models import (
    Allergy,
    Bill,
    BillState,
    Cursor,
    Diagnosis,
    Document,
    Medicine,
    Observation,
    Person,
    Report,
    Stock,
    Visit,
)
from hospital.his.reading.documents import keyed
from hospital.kernel.encrypted import index_of
from hospital.kernel.prepared import Prepared

KINDS: Final = 10  # of resources; before each was pulled once, the mirror as a whole has no age


def person_of(number: str, document: str = "") -> Person | None:
    """Who has this identity number, as far as the hospital has told us; or a document of another
    kind with this number. Never by name: two people bear one."""
    if document:
        index = index_of(Document, "number_index", keyed(document, number))
        return Person.objects.filter(documents__number_index=index).first()
    return Person.objects.filter(id_index=index_of(Person, "id_index", number)).first()


def visits_of(person: Person) -> QuerySet[Visit]:
    return person.visits.order_by("-at", "-pk")


def diagnoses_of(person: Person) -> QuerySet[Diagnosis]:
    return person.diagnoses.order_by("-at", "pk")


def reports_of(person: Person) -> QuerySet[Report]:
    return person.reports.order_by("-at", "-pk")


def series_of(person: Person, code: str) -> QuerySet[Observation]:
    """All numbers of one item, the oldest first."""
    return person.observations.filter(code=code, value__isnull=False).order_by("at", "pk")


def allergies_of(person: Person) -> QuerySet[Allergy]:
    return person.allergies.order_by("pk")


def medicines_of(person: Person) -> QuerySet[Medicine]:
    return person.medicines.order_by("-at", "pk")


def bills_of(people: Collection[Person]) -> QuerySet[Bill]:
    """What these people were asked for; what was withdrawn is left out."""
    return Bill.objects.filter(person__in=people).exclude(state=BillState.CANCELLED)


def payable() -> Q:
    """Bills that wait to be paid."""
    return Q(state=BillState.ISSUED, total_fen__gt=0)


def locked_bill(bill: Bill) -> Bill:
    return Bill.objects.select_for_update().get(pk=bill.pk)


def stock_of(drug: str) -> int | None:
    """Packs on the shelf of `drug` (generic name and strength); None where the HIS has no such."""
    return Stock.objects.filter(drug=drug).values_list("packs", flat=True).first()


def as_of(person: Person | None = None) -> datetime | None:
    """Up to when the mirror is true: the oldest of its pulls, or this person's own refresh."""
    pulls = [pulled_at for (pulled_at,) in _pulled()]
    whole = min(pulls) if len(pulls) == KINDS else None
    own = person.pulled_at if person else None
    return max((each for each in (whole, own) if each), default=None)


_pulled: Final = Prepared(
    lambda: Cursor.objects.filter(pulled_at__isnull=False).values_list("pulled_at")
)


def since(kind: str) -> datetime | None:
    return Cursor.objects.filter(resource=kind).values_list("since", flat=True).first()
