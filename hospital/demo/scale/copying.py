"""Batches of people, each one transaction; the next is made while the last is copied."""

import io
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from django.db import connections, models, transaction
from django.db.models import Max

from hospital.demo.scale.tables import BASE, TABLES
from hospital.demo.scale.town import Town
from hospital.his.models import Report
from patients.models import Patient

BATCH: Final = 500  # people
_CHUNK: Final = 1 << 18  # bytes that are handed to PostgreSQL at once


@dataclass(frozen=True)
class Progress:
    """How far it has come; rates are of this run alone."""

    people: int
    of: int
    rows: Mapping[str, int]  # by table, copied in this run
    seconds: float
    batches: int = 0

    @property
    def total(self) -> int:
        return sum(self.rows.values())

    @property
    def rate(self) -> float:
        return self.total / self.seconds if self.seconds else 0.0

    @property
    def left(self) -> float:
        """Seconds, if the rest goes as fast as what this run has done."""
        here = self.batches * BATCH
        return (self.of - self.people) * self.seconds / here if here else 0.0


class AnotherTown(Exception):
    """What stands in the database was begun with other numbers."""


def copy_in(town: Town, *, tell: Callable[[Progress], None], using: str = "owner") -> Progress:
    """Everybody of the town who is not there yet. Each batch is there as a whole, or not at all."""
    start, rows = already(), dict.fromkeys((table.name for table in TABLES), 0)
    if start > town.people or _numbered(Report) != town.reports_before(start):
        raise AnotherTown
    began = time.perf_counter()
    done = Progress(start, town.people, rows, 0.0)
    spans = [
        range(first, min(first + BATCH, town.people)) for first in range(start, town.people, BATCH)
    ]
    with ThreadPoolExecutor(1) as ahead:
        made = [ahead.submit(town.lines, span) for span in spans[:1]]
        for place, span in enumerate(spans):
            lines = made.pop().result()
            made += [ahead.submit(town.lines, each) for each in spans[place + 1 : place + 2]]
            _copy(lines, using)
            for name, each in lines.items():
                rows[name] += len(each)
            seconds = time.perf_counter() - began
            done = Progress(span.stop, town.people, rows, seconds, place + 1)
            tell(done)
    _look_at_what_is_there(using)
    return done


def already() -> int:
    """How many people were copied before: batches come in order, so the highest number tells."""
    return _numbered(Patient)


def _numbered(model: type[models.Model]) -> int:
    last = model._default_manager.filter(pk__gte=BASE).aggregate(last=Max("pk"))["last"]
    return 0 if last is None else int(last) - BASE + 1


def _copy(lines: Mapping[str, Sequence[str]], using: str) -> None:
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for table in TABLES:
            body = io.BytesIO("".join(lines[table.name]).encode())
            cursor.copy_expert(table.copying, body, _CHUNK)


def _look_at_what_is_there(using: str) -> None:
    """So that the planner knows of them at once."""
    with connections[using].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f'ANALYZE "{table.name}"')
