"""What strangers are refused is counted, not written row by row: a flood must not fill the trail.

One counter for each address, entry, reason and minute; when the minute is over it becomes one
event. A failed sign-in is no such refusal: each of them stands in the trail by itself.
"""

from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from audit.models import Event
from hospital.kernel import context
from hospital.kernel.refusals import Refused

NOWHERE: Final = "0.0.0.0"  # noqa: S104 - an address that nobody has
_COUNT = """
INSERT INTO audit_stranger AS s (minute, address, access, code, status, count)
VALUES (date_trunc('minute', %(at)s), %(address)s, %(access)s, %(code)s, %(status)s, 1)
ON CONFLICT (minute, address, access, code) DO UPDATE SET count = s.count + 1
"""
_OVER = """
DELETE FROM audit_stranger WHERE minute < date_trunc('minute', %s)
RETURNING minute, address, access, code, status, count
"""


def count_stranger(refusal: Refused, *, at: datetime) -> None:
    here = context.current()
    counted: dict[str, Any] = {
        "at": at,
        "address": here.ip or NOWHERE,
        "access": here.access[:64],
        "code": refusal.code[:48],
        "status": refusal.status,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, counted)


@transaction.atomic
def sum_strangers_up(*, at: datetime) -> int:
    """One event for each counter whose minute is over. Returns how many refusals they stand for."""
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [at])
        rows = cursor.fetchall()
    Event.objects.bulk_create(
        Event(
            kind="door.refuse",
            outcome="refused",
            at=at,
            ip=address,
            facts={
                "code": code,
                "status": status,
                "access": access,
                "count": count,
                "minute": minute.isoformat(),
            },
        )
        for minute, address, access, code, status, count in rows
    )
    return sum(row[-1] for row in rows)
