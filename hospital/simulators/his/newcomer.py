"""A new made-up patient on request, with exactly the past that the request describes."""

import secrets
from datetime import date, datetime
from typing import Any

from hospital.simulators.his.history import Past, PastVisit
from hospital.simulators.his.identity import id_number
from hospital.simulators.his.people import FEMALE, MALE, SURNAMES, Guardian, Person
from hospital.simulators.his.reference import DEPARTMENTS, DIAGNOSES, MEDICINES
from hospital.simulators.wishes import BadRequest

LAB_ROUNDS = 9


def newcomer(wish: dict[str, Any], today: datetime) -> Past:
    """See the README for the fields of `wish`; all of them may be left out."""
    person = _person(wish, today.date())
    if not wish.get("history", True):
        return Past(person)
    codes = wish.get("diagnoses") or [wish.get("diagnosis", "I10")]
    unknown = [code for code in codes if code not in DIAGNOSES]
    department = wish.get("department") or (DIAGNOSES[codes[0]].department if not unknown else "")
    medicines = wish.get("medicines")
    unknown += [name for name in medicines or () if name not in MEDICINES]
    if department not in DEPARTMENTS:
        unknown.append(department)
    if unknown:
        raise BadRequest(f"not in the catalogue: {', '.join(map(str, unknown))}")
    days_ago = wish.get("days_ago", 40)
    if not isinstance(days_ago, int) or days_ago < 0:
        raise BadRequest("days_ago: a whole number, not below zero")
    visit = PastVisit(days_ago, department, codes, wish.get("doctor", ""), medicines)
    labs = wish.get("labs", False)
    values = labs if isinstance(labs, dict) else {}
    return Past(person, [visit], LAB_ROUNDS if labs or values else 0, values)


def _person(wish: dict[str, Any], today: date) -> Person:
    sex = wish.get("sex") or secrets.choice(("male", "female"))
    if sex not in ("male", "female"):
        raise BadRequest("sex: male or female")
    try:
        birth_date = date.fromisoformat(str(wish.get("birth_date", "1965-03-15")))
    except ValueError as error:
        raise BadRequest("birth_date: YYYY-MM-DD") from error
    name = secrets.choice(SURNAMES) + secrets.choice(MALE if sex == "male" else FEMALE)
    sequence = 2 * secrets.randbelow(499) + (1 if sex == "male" else 2)
    guardian = wish.get("guardian")
    person = Person(
        id=f"n-{secrets.token_hex(6)}",
        name=str(wish.get("name") or name),
        sex=sex,
        birth_date=birth_date,
        id_number=str(wish.get("id_number") or id_number("110108", birth_date, sequence)),
        phone=str(wish.get("phone") or f"137000{secrets.randbelow(10**5):05d}"),
        allergies=tuple(map(str, wish.get("allergies") or ())),
    )
    if guardian is None and person.age(today) < 18:
        guardian = {"name": f"{person.name[0]}立", "phone": person.phone, "relationship": "父亲"}
    if guardian is None:
        return person
    told = {field: str(guardian.get(field, "")) for field in ("name", "phone", "relationship")}
    return Person(**{**vars(person), "guardian": Guardian(**told)})
