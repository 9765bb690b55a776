"""The people of one journey: a new patient, and one pair of the demonstration's staff."""

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hospital.demo.journey.outside import Outside
from hospital.demo.journey.person import Mismatch, Person
from hospital.kernel.calendar import local_date

DIAGNOSIS, DEPARTMENT = "I10", "心血管内科"


@dataclass
class Pair:
    """A doctor and a pharmacist who are signed in and on duty."""

    doctor: Person
    doctor_id: str  # public id of the clinician
    pharmacist: Person
    auditor: Person


def sign_in(base: str, login: dict[str, Any], *, perseveres: bool) -> Person:
    """Sign one member of staff in; a used dynamic code waits for the next."""
    person = Person(base, login["name"], perseveres=perseveres)
    for attempt in (1, 2, 3):
        try:
            person.sign_in_as_staff(login["username"], login["password"], login["totp_secret"])
        except Mismatch:
            if attempt == 3:
                raise
            time.sleep(30 - time.time() % 30 + 0.5)
        else:
            break
    return person


def pairs(
    base: str, logins: list[dict[str, Any]], many: int, *, perseveres: bool = False
) -> list[Pair]:
    """`many` pairs of a cardiologist and a pharmacist, each with sessions of their own."""
    doctors = [row for row in logins if row["role"] == "doctor" and row["department"] == DEPARTMENT]
    pharmacists = [row for row in logins if row["role"] == "pharmacist"]
    if min(len(doctors), len(pharmacists)) < many:
        raise Mismatch(f"the demonstration has no {many} doctors and pharmacists")
    start = secrets.randbelow(len(doctors)) if many == 1 else 0
    auditor = sign_in(
        base, next(row for row in logins if row["role"] == "audit_admin"), perseveres=perseveres
    )
    made = []
    for i in range(many):
        doctor = doctors[(start + i) % len(doctors)]
        pharmacist = pharmacists[(start + i) % len(pharmacists)]
        made.append(
            Pair(
                sign_in(base, doctor, perseveres=perseveres),
                doctor["clinician"],
                sign_in(base, pharmacist, perseveres=perseveres),
                auditor,
            )
        )
    return made


def new_patient(outside: Outside, **wishes: Any) -> dict[str, Any]:
    """A person the hospital has seen, with a phone of their own."""
    phone = f"19{secrets.randbelow(10**9):09d}"
    wanted = {
        "phone": phone,
        "diagnosis": DIAGNOSIS,
        "department": DEPARTMENT,
        "days_ago": 40,
        "labs": True,
        "birth_date": born(40, 75),
        "sex": "male",
    }
    return {"phone": phone} | outside.new_patient(**(wanted | wishes))


def born(youngest: int, oldest: int) -> str:
    """Some day on which somebody of that age in years was born."""
    days = secrets.randbelow((oldest - youngest) * 365 - 2)
    return (local_date(datetime.now(UTC)) - timedelta(days=youngest * 366 + days)).isoformat()
