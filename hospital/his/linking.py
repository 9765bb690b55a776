"""Joins what belongs together in the mirror, whichever of the two came first.

Two rows of different persons are never joined, whatever a reference says.
"""

from collections.abc import Mapping
from typing import Any

from hospital.his.models import Bill, Diagnosis, Fee, Mirrored, Observation, Report, Visit
from hospital.his.reading import Reading


def link(model: type[Mirrored], rows: list[Any], readings: Mapping[str, Reading]) -> None:
    """Join the freshly written `rows` of `model` to what is here already."""
    if not rows:
        return
    if model is Visit:
        wanted = {part: row for row in rows for part in readings[row.fhir_id].parts}
        _join(Diagnosis, "visit", wanted)
    elif model is Report:
        _join(Observation, "report", {part: row for row in rows for part in row.results})
    elif model is Bill:
        _join(Fee, "bill", {part: row for row in rows for part in row.items})
    elif model is Diagnosis:
        _join_to_visits(rows, readings)
    elif model is Observation:
        _join_to_wholes(Observation, "report", Report, "results", rows)
    elif model is Fee:
        _join_to_wholes(Fee, "bill", Bill, "items", rows)


def _join(model: Any, name: str, wanted: Mapping[str, Any]) -> None:
    parts = list(model.objects.filter(fhir_id__in=wanted))
    _set(model, name, [(part, wanted[part.fhir_id]) for part in parts])


def _join_to_visits(rows: list[Any], readings: Mapping[str, Reading]) -> None:
    told = {row: readings[row.fhir_id].visit for row in rows}
    visits = Visit.objects.in_bulk(set(told.values()) - {""}, field_name="fhir_id")
    _set(Diagnosis, "visit", [(row, visits[v]) for row, v in told.items() if v in visits])


def _join_to_wholes(model: Any, name: str, whole: Any, names: str, rows: list[Any]) -> None:
    """Join parts to the wholes that name them, which may have come before."""
    ids = [row.fhir_id for row in rows]
    people = {row.person_id for row in rows}
    found = whole.objects.filter(person__in=people, **{f"{names}__overlap": ids})
    of = {part: each for each in found for part in getattr(each, names)}
    _set(model, name, [(row, of[row.fhir_id]) for row in rows if row.fhir_id in of])


def _set(model: Any, name: str, pairs: list[tuple[Any, Any]]) -> None:
    changed = []
    for part, whole in pairs:
        if part.person_id == whole.person_id and getattr(part, f"{name}_id") != whole.pk:
            setattr(part, name, whole)
            changed.append(part)
    model.objects.bulk_update(changed, [name])
