"""Looks for the patterns in the trail, every few seconds, and at the state of the trail itself.

One watch at a time, under the lock of its row. What happened while nobody watched is watched
afterwards, window by window, up to a day back.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, connections, transaction

from audit import selectors, services
from audit.models import Event, Watch
from audit.patterns import ACTOR_AND_PATIENT, ADDRESS, PATTERNS, SLOWEST_SEAL, Pattern

EVERY: Final = timedelta(seconds=10)
LONGEST_GAP: Final = timedelta(days=1)
MOST: Final = 100  # of one pattern in one look
log = logging.getLogger(__name__)

# An event counts towards one alarm of its kind about the same person, and not towards the next.
_FOUND = """
SELECT {of}, (array_agg(e.actor))[1], (array_agg(e.about))[1], {counts},
       (array_agg(e.id ORDER BY e.id DESC))[1:100]
  FROM audit_event e
  LEFT JOIN (SELECT whose, max(last_event) AS upto FROM audit_alarm
              WHERE kind = %(kind)s GROUP BY whose) seen ON seen.whose = {of}
 WHERE e.at > %(since)s AND e.at <= %(at)s AND e.kind = ANY(%(kinds)s)
   AND e.id > coalesce(seen.upto, 0) AND {where}
 GROUP BY {of} HAVING {counts} >= %(times)s
 ORDER BY {counts} DESC LIMIT %(most)s
"""


@dataclass(frozen=True)
class Found:
    whose: str
    actor: UUID | None
    about: UUID | None
    count: int
    events: list[int]  # oldest first


def watch(*, at: datetime) -> int:
    """Look at everything up to `at`; returns how many alarms were raised."""
    raised = _look_at_the_trail_itself(at)
    services.say_untold(at=at)
    services.sum_strangers_up(at=at)
    with transaction.atomic():
        Watch.objects.get_or_create(pk=1, defaults={"at": at - EVERY})
        row = Watch.objects.select_for_update(skip_locked=True).first()
        if row is None or row.at >= at:
            return raised
        for moment in _moments(row.at, at):
            raised += sum(_look_for(pattern, moment) for pattern in PATTERNS if pattern.kinds)
        row.at = at
        row.save()
    return raised


def found(pattern: Pattern, *, at: datetime) -> list[Found]:
    """Whoever has reached the pattern in the window that ends at `at`. As the auditor."""
    sql = _FOUND.format(of=pattern.of, counts=pattern.counts, where=pattern.where)
    asked: dict[str, Any] = {
        "kind": pattern.kind,
        "kinds": list(pattern.kinds),
        "since": at - pattern.window,
        "at": at,
        "times": pattern.times,
        "most": MOST,
    }
    with connections["trail"].cursor() as cursor:
        cursor.execute(sql, asked)
        rows = cursor.fetchall()
    return [
        Found(whose, actor, about, int(count), sorted(events))
        for whose, actor, about, count, events in rows
    ]


def is_writable(*, at: datetime) -> bool:
    """Whether the trail takes an event now; the one that is tried is taken back."""
    try:
        with transaction.atomic():
            Event.objects.create(kind="alarm.probe", at=at)
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def _moments(since: datetime, at: datetime) -> Iterator[datetime]:
    """The ends of the windows to look at, `EVERY` apart, the last of them `at`."""
    moment = max(since, at - LONGEST_GAP) + EVERY
    while moment < at:
        yield moment
        moment += EVERY
    yield at


def _look_for(pattern: Pattern, at: datetime) -> int:
    raised = 0
    for each in found(pattern, at=at):
        raised += (
            services.alarm(
                pattern.kind,
                at=at,
                whose=each.whose,
                actor=each.actor if pattern.of != ADDRESS else None,
                about=each.about if pattern.of == ACTOR_AND_PATIENT else None,
                count=each.count,
                events=each.events,
            )
            is not None
        )
    return raised


def _look_at_the_trail_itself(at: datetime) -> int:
    if not is_writable(at=at):
        return int(services.alarm_anyhow("trail-closed", at=at) is not None)
    sealed = selectors.sealed_until(at)
    if at - sealed <= SLOWEST_SEAL:
        return 0
    waited = int((at - sealed).total_seconds())
    return int(services.alarm("sealing-stopped", at=at, seconds=waited) is not None)
