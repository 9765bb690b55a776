"""How far the trail is sealed: which events still wait, and which of them may be sealed now.

Ids are given before commit, so whoever pages by id steps over a slow transaction for good. Events
are ordered by `(xid, id)`, and only those below the oldest transaction that still runs are taken.
"""

from dataclasses import dataclass
from typing import Final, Self

from django.db import connections

from audit.models import Head

_OVER: Final = "e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


@dataclass(frozen=True)
class Frontier:
    """`newest` is set only where transactions count lower than what is sealed already.

    That happens after a restore into another cluster: `newest` is then the last event from before.
    """

    since: int = 0
    xid: int = 0
    event: int = 0
    newest: int | None = None

    @classmethod
    def after(cls, head: Head | None) -> Self:
        if head is None:
            return cls()
        with connections["trail"].cursor() as cursor:
            cursor.execute(
                "SELECT CASE WHEN %s >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
                " THEN (SELECT max(event_id) FROM audit_leaf) END",
                [head.xid],
            )
            (newest,) = cursor.fetchone()
        return cls(head.since, head.xid, head.event, newest)

    @property
    def is_restored(self) -> bool:
        return self.newest is not None

    @property
    def waiting(self) -> str:
        """SQL over `e`: not sealed yet, and not below what is."""
        if self.newest is None:
            return f"({self._later})"
        return f"(({self._later}) OR e.id > {self.newest})"

    @property
    def sealable(self) -> str:
        """SQL over `e`: to be sealed now. After a restore: what is left from before it."""
        if self.newest is None:
            return f"{self._later} AND {_OVER}"
        return self._later

    @property
    def begun_again(self) -> "Frontier":
        """After a restore, when nothing is left from before it: a new order begins."""
        assert self.newest is not None
        return Frontier(since=self.newest)

    @property
    def _later(self) -> str:
        return f"e.id > {self.since} AND (e.xid, e.id) > ({self.xid}, {self.event})"
