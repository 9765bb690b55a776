"""A person's past at this hospital, written out: visits, what was found, given and billed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hospital.simulators.his import bills, labs, patients, studies, visits
from hospital.simulators.his.people import Person
from hospital.simulators.his.reference import DEPARTMENTS, DIAGNOSES, MEDICINES
from hospital.simulators.shelf import Item

SERIES_DEPARTMENTS = ("心血管内科", "内分泌科", "肾内科")


@dataclass(frozen=True)
class PastVisit:
    """`medicines` are names of the catalogue; None means what the diagnoses usually get."""

    days_ago: int
    department: str
    diagnoses: Sequence[str]
    doctor: str = ""
    medicines: Sequence[str] | None = None


@dataclass(frozen=True)
class Owed:
    """A bill that nobody has paid yet; `lines` are `{"what", "yuan"}`."""

    days_ago: int
    department: str
    lines: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Past:
    person: Person
    visits: Sequence[PastVisit] = ()
    lab_rounds: int = 0
    latest_labs: Mapping[str, float] = field(default_factory=dict)
    owed: Sequence[Owed] = ()
    reported: Sequence[studies.Told] = ()  # an earlier laboratory's; what is no number


def written_out(past: Past, today: datetime) -> Iterator[tuple[Item, datetime]]:
    """Every resource of this past with the moment at which the HIS would have written it."""
    person, chance = past.person, Random(f"past {past.person.id}")  # noqa: S311 (made-up data)
    stays = sorted(past.visits, key=lambda visit: -visit.days_ago)
    moments = [_moment(today, visit.days_ago, chance) for visit in stays]
    registered = (moments[0] if moments else today) - timedelta(days=1)
    yield patients.patient(person), registered
    for number, substance in enumerate(person.allergies, 1):
        yield patients.allergy(person, number, substance, registered), registered
    for number, (visit, at) in enumerate(zip(stays, moments, strict=True), 1):
        yield from _visit(f"{person.id}-e{number}", person.id, visit, at)
    for number, owed in enumerate(past.owed, 1):
        at = _moment(today, owed.days_ago, chance)
        bill = bills.Bill(f"{person.id}-b{number}", person.id, owed.department, at)
        for item in bill.written(owed.lines, bills.ISSUED):
            yield item, at
    if past.lab_rounds and moments:
        for item in labs.series(person.id, moments[-1], chance, past.lab_rounds, past.latest_labs):
            yield item, datetime.fromisoformat(item["issued"])
    for number, told in enumerate(past.reported, 1):
        at = _moment(today, told["days_ago"], chance)
        for item in studies.written(f"{person.id}-s{number}", person.id, at, told):
            yield item, at


def _visit(
    visit_id: str, patient_id: str, past: PastVisit, at: datetime
) -> Iterator[tuple[Item, datetime]]:
    department = DEPARTMENTS[past.department]
    doctor = past.doctor or department.doctors[0]
    visit = visits.Visit(visit_id, patient_id, at, department, doctor)
    diagnoses = [DIAGNOSES[code] for code in past.diagnoses]
    usual = [name for diagnosis in diagnoses for name in diagnosis.medicines]
    medicines = usual if past.medicines is None else past.medicines
    yield visits.encounter(visit, diagnoses), at
    for number, diagnosis in enumerate(diagnoses, 1):
        yield visits.condition(visit, number, diagnosis), at
    for number, name in enumerate(dict.fromkeys(medicines), 1):
        yield visits.medication_request(visit, number, MEDICINES[name]), at
    for item in bills.of_visit(visit):
        yield item, at


def _moment(today: datetime, days_ago: int, chance: Random) -> datetime:
    """A working hour of that day, but never later than now."""
    day = today - timedelta(days=days_ago)
    at = day.replace(
        hour=chance.randint(8, 16), minute=chance.randrange(60), second=0, microsecond=0
    )
    return min(at, today)
