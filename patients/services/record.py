"""Reading a health record is a command: it leaves a trace and gives one page, never a lazy one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import User
from hospital.his import selectors as his
from hospital.his.models import Report
from hospital.kernel.calendar import full_years, local_date
from hospital.kernel.refusals import Refused
from patients import facts, history
from patients.history import Problem, Series, Visited
from patients.models import Patient

WHYS = ("care", "review", "break-glass")


@dataclass(frozen=True)
class HealthRecord:
    """What a clinician reads in one glance. Everything in it is bounded, whatever the past."""

    patient: Patient
    age: int
    as_of: datetime | None  # up to when the hospital's part is true
    allergies: Sequence[facts.KnownAllergy]
    medicines: Sequence[facts.CurrentMedicine]
    problems: Sequence[Problem]
    labs: Sequence[Series]
    visits: Sequence[Visited]  # online and offline, the newest first
    reports: Sequence[Report]


def open_record(
    patient: Patient, *, by: User, at: datetime, why: str, stream: UUID | None = None
) -> HealthRecord:
    """The record of a patient whom the door found among those `by` may see; recorded as read."""
    if why not in WHYS:
        raise Refused(_("请说明为什么要看这份健康档案。"), code="why-unknown")
    with transaction.atomic():
        audit.record(
            "record.read",
            by=by,
            on=patient,
            about=patient.public_id,
            stream=stream,
            at=at,
            why=why,
        )
    return _written_out(patient, at=at)


def _written_out(patient: Patient, *, at: datetime) -> HealthRecord:
    person, today = patient.person, local_date(at)
    past: Any = history.of(patient)
    return HealthRecord(
        patient=patient,
        age=full_years(patient.birth_date, today),
        as_of=his.as_of(person),
        allergies=facts.allergies(patient),
        medicines=facts.current_medicines(patient, today),
        problems=past.problems,
        labs=history.series(patient),
        visits=past.visits,
        reports=list(his.reports_of(person)[: history.FEW]) if person else [],
    )
