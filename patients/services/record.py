"""Reading a health record is a command: it leaves a trace and gives one page, never a lazy one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit import services as audit
from hospital.accounts.models import User
from hospital.his.models import Report
from hospital.kernel.calendar import full_years, local_date
from patients import facts, history, readers, selectors
from patients.history import Problem, Series, Visited
from patients.models import Evidence, Glass, Patient
from patients.services.reading import as_read, protection, why_on


@dataclass(frozen=True)
class HealthRecord:
    """What a clinician reads in one glance. Everything in it is bounded, whatever the past."""

    patient: Patient
    age: int
    told: facts.Told  # of pregnancy, lactation and weight, as far as it still counts
    as_of: datetime | None  # up to when the hospital's part is true
    allergies: Sequence[facts.KnownAllergy]
    medicines: Sequence[facts.CurrentMedicine]
    problems: Sequence[Problem]
    labs: Sequence[Series]
    visits: Sequence[Visited]  # online and offline, the newest first
    reports: Sequence[Report]
    papers: Sequence[Evidence]  # of other hospitals, see `history.papers`
    glass: Glass | None = None  # the look through break-glass under which it is read


def open_record(
    patient: Patient, *, by: User, at: datetime, why: str, stream: UUID | None = None
) -> HealthRecord:
    """The record of a patient whom the door found among those `by` may see; recorded as read."""
    reached = readers.Reached(patient, readers.ground_of(by, patient))
    return open_reached(reached, by=by, at=at, why=why, stream=stream)


def open_reached(
    reached: readers.Reached, *, by: User, at: datetime, why: str, stream: UUID | None = None
) -> HealthRecord:
    """The same for whom the door found together with the ground on which `by` may see them.

    `why` is what the door says. It counts only for somebody who looks after the patient: who was
    let in some other way is recorded as that, whatever is said.
    """
    patient, ground = reached
    said = why_on(ground, why=why)
    glass = selectors.live_glass(by) if said == "break-glass" else None
    if glass is not None:
        return open_under_glass(glass, by=by, at=at)
    return _read(patient, by=by, at=at, why=said, stream=stream)


def open_under_glass(glass: Glass, *, by: User, at: datetime) -> HealthRecord:
    """The record of a look that the door found open; each time is a line of the look's own."""
    record = _read(glass.patient, by=by, at=at, why="break-glass", glass=str(glass.public_id))
    return replace(record, glass=glass)


def open_contact(
    patient: Patient, *, by: User, at: datetime, why: str, stream: UUID | None = None
) -> dict[str, str] | None:
    """Whom to call when the patient is not found: `name`, `phone`, `relation`; None where nobody
    was told. It stands on no page by itself: each look is recorded with what was looked at."""
    facts = as_read(patient, by=by, why=why)
    _note(patient, by=by, at=at, stream=stream, fields=["contact"], **facts)
    return selectors.said(patient, "contact")


def _read(
    patient: Patient, *, by: User, at: datetime, why: str, stream: UUID | None = None, **facts: str
) -> HealthRecord:
    _note(patient, by=by, at=at, why=why, stream=stream, **facts)
    return _written_out(patient, at=at)


@transaction.atomic
def _note(patient: Patient, *, by: User, at: datetime, stream: UUID | None, **facts: Any) -> None:
    audit.record(
        "record.read",
        by=by,
        on=patient,
        about=patient.public_id,
        stream=stream,
        at=at,
        **protection(patient),
        **facts,
    )


def _written_out(patient: Patient, *, at: datetime) -> HealthRecord:
    past, today = history.of(patient), local_date(at)
    return HealthRecord(
        patient=patient,
        age=full_years(patient.birth_date, today),
        told=facts.told(patient, today),
        as_of=selectors.as_of(patient),
        allergies=facts.allergies(patient),
        medicines=facts.current_medicines(patient, today),
        problems=past.problems,
        labs=history.series(patient),
        visits=past.visits,
        reports=history.reports(patient),
        papers=history.papers(patient),
    )
