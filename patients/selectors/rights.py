"""Copies, corrections, holds, and until when a record is kept."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, QuerySet

from hospital.his.models import Visit
from hospital.kernel.calendar import local_date
from patients.lifecycle import HoldState
from patients.models import Correction, Export, LegalHold, Link, Patient
from patients.selectors.people import linked_to
from patients.standing import standing

YEARS: Final = 15  # after the last visit
_LEAP: Final = (2, 29)


def by_public_id(public_id: UUID) -> Patient | None:
    """The patient of a number in the back office, restricted or not: a seal may need it."""
    return Patient.objects.filter(public_id=public_id).first()


def exports_of(user: Any) -> QuerySet[Export]:
    """The copies that this account asked for, the newest first."""
    rows = Export.objects.filter(account=user).select_related("patient")
    return rows.order_by("-asked_at", "-pk")


def downloadable_by(user: Any) -> QuerySet[Export]:
    """Those it can have now: ready, and the account still is the patient's or a guardian's."""
    return exports_of(user).filter(state="ready", patient__in=copied_for(user))


def copied_for(user: Any) -> QuerySet[Patient]:
    """Of whom this account may have a copy: oneself, and children whose guardian one is."""
    links = Link.objects.filter(standing(), account=user)
    mine = links.filter(relation="self") | links.filter(is_guardian=True)
    return linked_to(user).filter(pk__in=mine.values("patient"))


def is_own(user: Any, patient: Patient) -> bool:
    return Link.objects.filter(standing(), account=user, patient=patient, relation="self").exists()


def locked_export(export: Export) -> Export:
    rows = Export.objects.select_related("patient", "account")
    return rows.select_for_update(of=("self",)).get(pk=export.pk)


def corrections_of(user: Any) -> QuerySet[Correction]:
    """Asked for by or for oneself and family, the newest first."""
    rows = Correction.objects.filter(
        patient__in=linked_to(user, speaking=True).order_by().values("pk")
    )
    return rows.select_related("patient").order_by("-at", "-pk")


def locked_correction(correction: Correction) -> Correction:
    rows = Correction.objects.select_related("patient", "by")
    return rows.select_for_update(of=("self",)).get(pk=correction.pk)


def holds_of(user: Any) -> QuerySet[LegalHold]:
    """What is or was sealed of oneself and family, the newest first."""
    rows = LegalHold.objects.filter(
        patient__in=linked_to(user, speaking=True).order_by().values("pk")
    )
    return rows.select_related("patient").order_by("-placed_at", "-pk")


def holds_standing(patient: Patient) -> QuerySet[LegalHold]:
    return LegalHold.objects.filter(patient=patient, state=HoldState.STANDING)


def is_held(patient: Patient) -> bool:
    return holds_standing(patient).exists()


def locked_hold(hold: LegalHold) -> LegalHold:
    rows = LegalHold.objects.select_related("patient", "placed_by")
    return rows.select_for_update(of=("self",)).get(pk=hold.pk)


def retained_until(patient: Patient, at: datetime) -> date:
    """The day on which the record's term ends: fifteen years after the last visit (R-19)."""
    online = patient.online_visits.aggregate(last=Max("at"))["last"]
    offline = Visit.objects.filter(person=patient.person_id).aggregate(last=Max("at"))["last"]
    last = max(when for when in (patient.recorded_at, online, offline) if when is not None)
    day = local_date(last)
    if (day.month, day.day) == _LEAP:
        day = day.replace(day=28)
    return day.replace(year=day.year + YEARS)
