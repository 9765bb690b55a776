"""How long each class of data is kept, and who makes it go: the table, and the nightly workers.

The table stands in `data/retention.csv`. Rooms register a worker for each class that the night
takes (`who` is `nightly`). Rooms stand in each other's way by reference, so the night goes from
the top of the house down: the last registered first.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

TABLE: Final = Path(__file__).parent / "data" / "retention.csv"
NIGHTLY: Final = "nightly"


class Purged(NamedTuple):
    """What one batch took: `last` row looked at (None: the end), files whose bytes go now."""

    rows: int
    last: int | None
    files: tuple[UUID, ...] = ()


Purge = Callable[[datetime, int, int], Purged]  # at, after, most


@dataclass(frozen=True)
class Term:
    """One row of the table."""

    name: str
    what: str
    what_en: str
    term: str
    counted_from: str
    basis: str
    who: str


_workers: dict[str, Purge] = {}


def register(name: str, *, purge: Purge) -> None:
    """`purge` takes one batch in the caller's transaction, of what is past its term and no more."""
    _workers[name] = purge


def workers() -> dict[str, Purge]:
    """From the top of the house down."""
    return dict(reversed(_workers.items()))


def by_function(name: str) -> Purge:
    """A worker that is a function of the database's owner (`hospital.kernel.definers`)."""

    def purge(at: datetime, after: int, most: int) -> Purged:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT rows, last, files FROM {name}(%s, %s, %s)", [at, after, most])  # noqa: S608 - our own name
            rows, last, files = cursor.fetchone()
        return Purged(rows, last, tuple(UUID(str(each)) for each in _listed(files)))

    return purge


def _listed(files: object) -> list[str]:
    """psycopg2 gives an array of UUIDs as text where it knows no adapter: `{a,b}`."""
    if isinstance(files, str):
        return [each for each in files.strip("{}").split(",") if each]
    return list(files)  # type: ignore[call-overload,no-any-return]


@cache
def terms() -> tuple[Term, ...]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        return tuple(Term(**row) for row in csv.DictReader(table))
