"""Everyone whom the HIS knows at the start: the demonstration cast and the made-up many."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from random import Random
from typing import Any

from hospital.simulators.his.history import SERIES_DEPARTMENTS, Owed, Past, PastVisit
from hospital.simulators.his.identity import id_number
from hospital.simulators.his.people import Guardian, Person, made_up
from hospital.simulators.his.reference import DATA, DIAGNOSES

MADE_UP = 220
COMMON = ("I10", "E11.9", "I25.1", "E78.5", "K21.9", "J45.9", "L20.9", "N18.3", "I63.9", "F41.1")
FOR_CHILDREN = ("L20.9", "L50.9", "E34.3", "F90.0")
# Only diagnoses with usual medicines are drawn: a past without a prescription tells nothing.
OTHERS = tuple(sorted(code for code, each in DIAGNOSES.items() if each.medicines))


def everyone(today: datetime) -> Iterator[Past]:
    for told in json.loads((DATA / "cast.json").read_text(encoding="utf-8")):
        yield _of_the_cast(told)
    for number in range(MADE_UP):
        yield _made_up_past(made_up(number, today.date()), number, today.date())


def _of_the_cast(told: dict[str, Any]) -> Past:
    birth_date = date.fromisoformat(told["birth_date"])
    person = Person(
        id=told["id"],
        name=told["name"],
        sex=told["sex"],
        birth_date=birth_date,
        id_number=id_number(told["region"], birth_date, told["sequence"]),
        phone=told["phone"],
        guardian=Guardian(**told["guardian"]) if "guardian" in told else None,
        allergies=tuple(told.get("allergies", ())),
    )
    visits = [PastVisit(**visit) for visit in told["visits"]]
    owed = [Owed(**bill) for bill in told.get("owed", ())]
    return Past(
        person,
        visits,
        told.get("lab_rounds", 0),
        told.get("labs", {}),
        owed,
        told.get("studies", ()),
    )


def _made_up_past(person: Person, number: int, today: date) -> Past:
    chance = Random(f"story {number}")  # noqa: S311 (made-up people, not secrets)
    if chance.random() < 0.1:
        return Past(person)
    if person.age(today) < 18:
        main = chance.choice(FOR_CHILDREN)
    else:
        main = chance.choice(COMMON if chance.random() < 0.6 else OTHERS)
    department = DIAGNOSES[main].department
    last = chance.randint(3, 320)
    visits = [
        PastVisit(last + 91 * back, department, [main]) for back in range(chance.randint(1, 4))
    ]
    rounds = chance.randint(8, 12) if department in SERIES_DEPARTMENTS else 0
    return Past(person, visits, rounds)
