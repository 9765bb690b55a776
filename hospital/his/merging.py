"""One batch of resources on its way into one table: what may be taken over, and what may not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import models
from django.db.models.functions import Concat

from hospital.his import documents, reading
from hospital.his.linking import link
from hospital.his.models import (
    Allergy,
    Bill,
    BillState,
    Diagnosis,
    Fee,
    Medicine,
    Mirrored,
    Observation,
    Person,
    Report,
    Stock,
    Visit,
)
from hospital.his.reading import Malformed, Reading, Resource
from hospital.kernel.encrypted import index_of

MODELS: Final[dict[str, type[Mirrored]]] = {  # in the order in which they refer to each other
    "Patient": Person,
    "Encounter": Visit,
    "Condition": Diagnosis,
    "AllergyIntolerance": Allergy,
    "Observation": Observation,
    "DiagnosticReport": Report,
    "MedicationRequest": Medicine,
    "ChargeItem": Fee,
    "Invoice": Bill,
    "Medication": Stock,
}
STRANGER: Final = "wrong-patient: about nobody we know"


class Merge:
    """`wrong` holds afterwards what was not taken over, each with the reason."""

    def __init__(self, kind: str, *, at: datetime) -> None:
        self.kind, self.model, self.at = kind, MODELS[kind], at
        self.readings: dict[str, tuple[Reading, Resource]] = {}
        self.wrong: list[tuple[Resource, str]] = []

    def into_the_mirror(self, resources: Sequence[Resource]) -> list[Resource]:
        """Read them, and write what may be written. The resources of which something stands."""
        for resource in resources:
            self._read(resource)
        known: Any = self.model._default_manager.in_bulk(self.readings, field_name="fhir_id")
        people = _people([r.subject for r, _resource in self.readings.values()])
        taken = self._taken_by_others()
        rows: list[Any] = []
        gone: list[Reading] = []
        for fhir_id, (each, resource) in self.readings.items():
            row = known.get(fhir_id)
            if row is not None and row.updated_at > each.updated_at:
                continue
            why = self._objection(each, row, people, taken)
            if why:
                self.wrong.append((resource, why))
            elif each.is_gone:
                gone.append(each)
            else:
                rows.append(self._row(each, row, people))
        self._write(rows)
        self._withdraw(gone, people)
        link(self.model, rows, {fhir_id: r for fhir_id, (r, _x) in self.readings.items()})
        if self.model is Person:
            self._keep_documents(rows)
        return [self.readings[row.fhir_id][1] for row in rows]

    def _read(self, resource: Resource) -> None:
        try:
            for each in reading.read(self.kind, resource):
                self.readings[each.fhir_id] = (each, resource)
        except Malformed as malformed:
            self.wrong.append((resource, malformed.why))

    def _objection(
        self, each: Reading, row: Any, people: dict[str, Person], taken: dict[str, str]
    ) -> str:
        """Why this reading may not be taken over; empty when it may."""
        if self.model is Stock:
            holder = taken.setdefault(each.fields["drug"], each.fhir_id)
            return "" if holder == each.fhir_id else "another medicine of the same name"
        if self.model is Person:
            return _person_objection(each, row, taken)
        if each.subject not in people:
            return STRANGER
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

    def _taken_by_others(self) -> dict[str, str]:
        """Whose the unique things in this batch are already: the index or name -> fhir id."""
        all_told = [each for each, _resource in self.readings.values() if not each.is_gone]
        if self.model is Person:
            name = "id_index"
            keys = [_index(each) for each in all_told if each.fields["id_number"]]
        elif self.model is Stock:
            name, keys = "drug", [each.fields["drug"] for each in all_told]
        else:
            return {}
        found = self.model._default_manager.filter(**{f"{name}__in": keys})
        return {str(key): fhir_id for key, fhir_id in found.values_list(name, "fhir_id")}

    def _write(self, rows: list[Any]) -> None:
        fixed = {"id", "public_id", "fhir_id", "visit", "report", "bill"}
        columns = [f.name for f in self.model._meta.concrete_fields if f.name not in fixed]
        self.model._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["fhir_id"], update_fields=columns
        )

    def _withdraw(self, gone: list[Reading], people: dict[str, Person]) -> None:
        """Take away what stands of these about the same person, and is no newer than they are."""
        theirs = models.Q()
        for each in gone:
            is_theirs = models.Q(person=people[each.subject], updated_at__lte=each.updated_at)
            theirs |= of(self.model, each.fhir_id) & is_theirs
        if gone:
            withdraw(self.model, theirs)

    def _keep_documents(self, people: list[Any]) -> None:
        told = [(person, self.readings[person.fhir_id][0].documents) for person in people]
        self.wrong += [
            (self.readings[each.fhir_id][1], "wrong-patient: a document is somebody else's")
            for each in documents.keep(told)
        ]


def withdraw(model: type[Mirrored], which: models.Q) -> None:
    """Of a bill the row stays: a payment of ours may point to it."""
    if model is Bill:
        Bill.objects.filter(which).update(state=BillState.CANCELLED)
    else:
        model._default_manager.filter(which).delete()


def of(model: type[Mirrored], fhir_id: str) -> models.Q:
    """The row of one resource; of an observation also those of its components, each by its code.

    A dot alone tells nothing: `A7.2` may as well be another resource.
    """
    itself = models.Q(fhir_id=fhir_id)
    if model is not Observation:
        return itself
    inside = f"{fhir_id}{reading.PART}"
    return itself | models.Q(
        fhir_id__startswith=inside, fhir_id=Concat(models.Value(inside), "code")
    )


def _people(fhir_ids: list[str]) -> dict[str, Person]:
    return Person.objects.in_bulk({each for each in fhir_ids if each}, field_name="fhir_id")


def _index(each: Reading) -> str:
    return index_of(Person, "id_index", each.fields["id_number"])


def _person_objection(each: Reading, row: Any, taken: dict[str, str]) -> str:
    number = each.fields["id_number"]
    if row is not None and row.id_number and row.id_number != number:
        return "wrong-patient: the identity number has become another one"
    if number:
        holder = taken.setdefault(_index(each), each.fhir_id)
        if holder != each.fhir_id:
            return "wrong-patient: the identity number is somebody else's"
    return ""
