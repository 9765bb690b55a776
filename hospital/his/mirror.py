"""Takes resources over into the mirror; the same one twice changes nothing.

What cannot be read, is about nobody known, or says that something has become somebody else's is
quarantined, and the rest goes on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, models, transaction

from hospital.his import reading
from hospital.his.linking import link
from hospital.his.models import (
    Allergy,
    Diagnosis,
    Medicine,
    Mirrored,
    Observation,
    Person,
    Quarantined,
    Report,
    Stock,
    Visit,
)
from hospital.his.reading import Malformed, Reading, Resource
from hospital.kernel.canonical import canonical, digest

MODELS: Final[dict[str, type[Mirrored]]] = {  # in the order in which they refer to each other
    "Patient": Person,
    "Encounter": Visit,
    "Condition": Diagnosis,
    "AllergyIntolerance": Allergy,
    "Observation": Observation,
    "DiagnosticReport": Report,
    "MedicationRequest": Medicine,
    "Medication": Stock,
}
_ONE_AT_A_TIME: Final = 0x48495300  # an advisory lock: two answers are never merged at once


@dataclass(frozen=True)
class Taken:
    rows: int = 0
    quarantined: int = 0


@transaction.atomic
def take(kind: str, resources: Sequence[Resource], *, at: datetime) -> Taken:
    """Bring the mirror to what `resources` say, all of one kind. Older versions change nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    merge = _Merge(kind, at)
    for resource in resources:
        try:
            for each in reading.read(kind, resource):
                merge.readings[each.fhir_id] = (each, resource)
        except Malformed as malformed:
            merge.wrong.append((resource, malformed.why))
    return merge.into_the_mirror()


def quarantine(kind: str, wrong: Iterable[tuple[Resource, str]], *, at: datetime) -> int:
    """Keep what was not taken over, for IT to look at; the same thing once."""
    rows = [
        Quarantined(
            resource=kind,
            fhir_id=str(resource.get("id", ""))[:64],
            why=why[:200],
            body=canonical(resource),
            digest=digest([kind, resource, why]),
            at=at,
        )
        for resource, why in wrong
    ]
    Quarantined.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


class _Merge:
    """One batch of readings on its way into one table."""

    def __init__(self, kind: str, at: datetime) -> None:
        self.kind, self.model, self.at = kind, MODELS[kind], at
        self.readings: dict[str, tuple[Reading, Resource]] = {}
        self.wrong: list[tuple[Resource, str]] = []

    def into_the_mirror(self) -> Taken:
        known: Any = self.model._default_manager.in_bulk(self.readings, field_name="fhir_id")
        people = _people([r.subject for r, _resource in self.readings.values()])
        numbers = self._numbers() if self.model is Person else {}
        rows: list[Any] = []
        for fhir_id, (each, resource) in self.readings.items():
            row = known.get(fhir_id)
            if row is not None and row.updated_at > each.updated_at:
                continue
            why = self._objection(each, row, people, numbers)
            if why:
                self.wrong.append((resource, why))
            elif not each.is_gone:
                rows.append(self._row(each, row, people))
        self._write(rows)
        self._withdraw()
        link(self.model, rows, {fhir_id: r for fhir_id, (r, _x) in self.readings.items()})
        return Taken(len(rows), quarantine(self.kind, self.wrong, at=self.at))

    def _objection(
        self, each: Reading, row: Any, people: dict[str, Person], numbers: dict[str, str]
    ) -> str:
        """Why this reading may not be taken over; empty when it may."""
        if self.model is Stock:
            return ""
        if self.model is Person:
            return _person_objection(each, row, numbers)
        if each.subject not in people:
            return "wrong-patient: about nobody we know"
        if row is not None and row.person_id != people[each.subject].pk:
            return "wrong-patient: it used to be about somebody else"
        return ""

    def _row(self, each: Reading, row: Any, people: dict[str, Person]) -> Mirrored:
        fresh: Any = self.model(
            fhir_id=each.fhir_id,
            version=each.version,
            updated_at=each.updated_at,
            pulled_at=self.at,
            **each.fields,
        )
        if row is not None:
            fresh.public_id = row.public_id  # encrypted values are bound to it
        if self.model not in (Person, Stock):
            fresh.person = people[each.subject]
        return fresh  # type: ignore[no-any-return]

    def _numbers(self) -> dict[str, str]:
        """Whose the identity numbers in this batch are already: index -> fhir id."""
        indexes = [_index(r) for r, _resource in self.readings.values() if r.fields["id_number"]]
        found = Person.objects.filter(id_index__in=indexes)
        return {str(index): fhir_id for index, fhir_id in found.values_list("id_index", "fhir_id")}

    def _write(self, rows: list[Any]) -> None:
        fixed = {"id", "public_id", "fhir_id", "visit", "report"}
        columns = [f.name for f in self.model._meta.concrete_fields if f.name not in fixed]
        self.model._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["fhir_id"], update_fields=columns
        )

    def _withdraw(self) -> None:
        gone = [r.fhir_id for r, _resource in self.readings.values() if r.is_gone]
        if gone:
            ours = models.Q(fhir_id__in=gone)
            for fhir_id in gone:
                ours |= models.Q(fhir_id__startswith=f"{fhir_id}{reading.PART}")
            self.model._default_manager.filter(ours).delete()


def _people(fhir_ids: list[str]) -> dict[str, Person]:
    return Person.objects.in_bulk({each for each in fhir_ids if each}, field_name="fhir_id")


def _index(each: Reading) -> str:
    field: Any = Person._meta.get_field("id_index")
    return str(field.of(each.fields["id_number"]))


def _person_objection(each: Reading, row: Any, numbers: dict[str, str]) -> str:
    number = each.fields["id_number"]
    if row is not None and row.id_number and row.id_number != number:
        return "wrong-patient: the identity number has become another one"
    if number:
        holder = numbers.setdefault(_index(each), each.fhir_id)
        if holder != each.fhir_id:
            return "wrong-patient: the identity number is somebody else's"
    return ""
