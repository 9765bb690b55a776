"""The night's work: what is past its term goes, in batches, each with a line in the trail."""

from datetime import datetime
from time import monotonic
from typing import Final, NamedTuple

from django.db import transaction

from audit import services as audit
from hospital.files import services as files
from patients import retention

BATCH: Final = 200  # rows looked at in one transaction


class Place(NamedTuple):
    """Where the night's work stopped, for whoever goes on."""

    name: str
    after: int


def purge(*, at: datetime, seconds: float, start: Place | None = None) -> Place | None:
    """Go through the classes from `start` for so many seconds. None when all were seen.

    Not atomic: each batch is. Run twice, at once or after a crash, it takes nothing more.
    """
    ends = monotonic() + seconds
    names = list(retention.workers())
    first = names.index(start.name) if start and start.name in names else 0
    for name in names[first:]:
        after: int | None = start.after if start and start.name == name else 0
        while after is not None:
            if monotonic() > ends:
                return Place(name, after)
            after = _take(name, at=at, after=after)
    return None


def _take(name: str, *, at: datetime, after: int) -> int | None:
    """One batch: first the rows, then the bytes, so no row ever refers to a missing file."""
    with transaction.atomic():
        purged = retention.workers()[name](at, after, BATCH)
        if purged.rows:
            audit.record(
                "retention.purge",
                by=None,
                on=None,
                at=at,
                of=name,
                rows=purged.rows,
                files=len(purged.files),
            )
    files.forget(purged.files)
    return purged.last
