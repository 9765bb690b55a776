"""Seal the encrypted columns of every table anew, under the newest key, while the platform runs.

There is no bookkeeping: what is left to do is every envelope that does not begin as new ones do.
Batches are short, take only rows that nobody else has locked, and come by for the others again.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.apps import apps
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from hospital.kernel import ciphers
from hospital.kernel.encrypted import EncryptedTextField, sealed_columns

BATCH: Final = 200  # rows; their locks are held for some milliseconds


@dataclass
class Counted:
    """What one pass did. Rows that no key opens are left as they are, and named."""

    sealed: int = 0
    damaged: list[str] = field(default_factory=list)


def tables() -> list[type[models.Model]]:
    """Every model with an encrypted column."""
    return [model for model in apps.get_models() if sealed_columns(model)]


def reseal(
    model: type[models.Model], connection: BaseDatabaseWrapper, counted: Counted
) -> Iterator[Counted]:
    """One pass over the rows of `model`, a transaction a batch; yields after each."""
    columns, last = sealed_columns(model), 0
    while True:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            rows = _stale(cursor, model, columns, last)
            if not rows:
                return
            _write(cursor, model, columns, _anew(model, columns, rows, counted))
        last = rows[-1][0]
        yield counted


def left(model: type[models.Model], connection: BaseDatabaseWrapper, *, under: str = "") -> int:
    """How many rows have an envelope that is not of now; with `under`, one of that key."""
    columns = [each.column for each in sealed_columns(model)]
    if under:
        patterns, which = [f"v1.%.{under}.%"] * len(columns), "{} LIKE %s"
    else:
        patterns, which = [f"{ciphers.head()}.%"] * len(columns), "{} NOT LIKE %s"
    where = " OR ".join(which.format(f'"{each}"') for each in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT count(*) FROM "{model._meta.db_table}" WHERE {where}',  # noqa: S608 - ours
            patterns,
        )
        return int(cursor.fetchone()[0])


def wait_for_writers(connection: BaseDatabaseWrapper, *, at_most: timedelta) -> bool:
    """Until every transaction that is open now has ended; what they sealed is visible then.

    False where one of them outlasts `at_most`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (now,) = cursor.fetchone()
        end = time.monotonic() + at_most.total_seconds()
        while time.monotonic() < end:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > now:
                return True
            time.sleep(0.1)
    return False


def _stale(
    cursor: Any, model: type[models.Model], columns: list[EncryptedTextField], last: int
) -> list[Any]:
    names = [f'"{each.column}"' for each in columns]
    where = " OR ".join(f"{each} NOT LIKE %s" for each in names)
    cursor.execute(
        f'SELECT id, public_id, {", ".join(names)} FROM "{model._meta.db_table}"'  # noqa: S608
        f" WHERE id > %s AND ({where}) ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
        [last, *[f"{ciphers.head()}.%"] * len(columns), BATCH],
    )
    return list(cursor.fetchall())


def _anew(
    model: type[models.Model],
    columns: list[EncryptedTextField],
    rows: list[Any],
    counted: Counted,
) -> list[list[Any]]:
    fresh = []
    for pk, public_id, *envelopes in rows:
        bounds = [each.bound_to_row(public_id) for each in columns]
        try:
            pairs = zip(envelopes, bounds, strict=True)
            fresh.append([pk, *[_renewed(envelope, bound) for envelope, bound in pairs]])
        except ciphers.Undecipherable:
            counted.damaged.append(f"{model._meta.label} {public_id}")
    counted.sealed += len(fresh)
    return fresh


def _renewed(envelope: str | None, bound: str) -> str | None:
    if envelope is None or ciphers.is_current(envelope):
        return envelope
    return ciphers.seal(ciphers.unseal(envelope, bound_to=bound), bound_to=bound)


def _write(
    cursor: Any,
    model: type[models.Model],
    columns: list[EncryptedTextField],
    fresh: list[list[Any]],
) -> None:
    if not fresh:
        return
    names = [each.column for each in columns]
    cursor.execute(
        f'UPDATE "{model._meta.db_table}" t SET '  # noqa: S608 - names of our own columns
        + ", ".join(f'"{each}" = v."{each}"' for each in names)
        + f" FROM unnest(%s::bigint[]{', %s::text[]' * len(names)}) AS v(id, "
        + ", ".join(f'"{each}"' for each in names)
        + ") WHERE t.id = v.id",
        [list(each) for each in zip(*fresh, strict=True)],
    )
