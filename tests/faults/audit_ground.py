"""A trail on a database of one's own, and the hands of somebody who may do everything there."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import connections, transaction

from audit import sealing
from audit import services as audit
from audit.models import Event
from audit.verifying import Verdict, verify
from tests.conftest import NOON

VISIT = UUID("5a3b6f0e-0000-4000-8000-000000000001")
PATIENT = UUID("5a3b6f0e-0000-4000-8000-000000000002")
LATER = NOON + timedelta(seconds=30)


def happen(count: int = 1, **more) -> list[Event]:
    """That many events, each in a transaction of its own."""
    events = []
    for number in range(count):
        with transaction.atomic():
            events.append(audit.record("test.happen", by=None, on=None, at=NOON, n=number, **more))
    return events


def sealed(*counts: int) -> list[Event]:
    """Events under as many heads as counts are given, each anchored."""
    events = []
    for number, count in enumerate(counts):
        events += happen(count)
        sealing.seal(NOON + timedelta(seconds=11 * number))
    return events


@contextmanager
def as_owner() -> Iterator["Hand"]:
    """What a database administrator can do: nothing stops them, so it must be seen."""
    tables = ("audit_event", "audit_leaf", "audit_node", "audit_head")
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield Hand(cursor)
        finally:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class Hand:
    def __init__(self, cursor) -> None:
        self.cursor = cursor

    def __call__(self, sql: str, *values: object) -> list[tuple]:
        self.cursor.execute(sql, values or None)
        return self.cursor.fetchall() if self.cursor.description else []


def checked(settings, *, at=LATER, **more) -> Verdict:
    """The verdict; `bin/test … -rP` shows what each drill was told."""
    verdict = verify(at=at, anchors=Path(settings.AUDIT_ANCHOR_DIR), **more)
    for finding in verdict.findings or ["✓ whole"]:
        sys.stdout.write(f"{finding}\n")
    return verdict
