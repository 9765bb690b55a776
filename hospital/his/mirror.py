"""Takes resources over into the mirror; the same one twice changes nothing.

What cannot be read, is about nobody known, or says that something has become somebody else's is
quarantined, and the rest goes on.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from hospital.his.merging import MODELS, Merge, of, withdraw
from hospital.his.models import Person, Quarantined
from hospital.his.reading import Resource, containing

__all__ = ["ANOTHER", "MODELS", "Taken", "forget", "quarantine", "take"]

ANOTHER: Final = "wrong-patient: another one was asked for"
_ONE_AT_A_TIME: Final = 0x48495300  # an advisory lock: two answers are never merged at once
_NO_ID: Final = re.compile(r"[^A-Za-z0-9.\-]")


@dataclass(frozen=True)
class Taken:
    rows: int = 0
    quarantined: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(self.rows + other.rows, self.quarantined + other.quarantined)


@transaction.atomic
def take(kind: str, resources: Sequence[Resource], *, at: datetime) -> Taken:
    """Bring the mirror to what `resources` say, all of one kind. Older versions change nothing."""
    _wait_for_our_turn()
    taken, good = _merged(kind, resources, at=at)
    if kind == "DiagnosticReport":
        inside = [each for report in good for each in containing.observations(report)]
        taken += _merged("Observation", inside, at=at)[0]
    return taken


@transaction.atomic
def forget(kind: str, fhir_id: str) -> None:
    """Such a resource is no longer there. A person stays: all that is known of them hangs on it."""
    _wait_for_our_turn()
    model = MODELS[kind]
    if model is not Person:
        withdraw(model, of(model, fhir_id))


def _wait_for_our_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def _merged(
    kind: str, resources: Sequence[Resource], *, at: datetime
) -> tuple[Taken, list[Resource]]:
    """What became of them, and those that stand in the mirror now."""
    merge = Merge(kind, at=at)
    good = merge.into_the_mirror(resources)
    _mend(kind, good, at=at)
    return Taken(len(good), quarantine(kind, merge.wrong, at=at)), good


def quarantine(kind: str, wrong: Iterable[tuple[Resource, str]], *, at: datetime) -> int:
    """Keep what was not taken over, for IT to look at; the same thing once."""
    rows = [
        Quarantined(
            resource=kind,
            fhir_id=id_of(resource),
            why=why[:200],
            body=body,
            digest=hashlib.sha256(f"{kind}|{why}|{body}".encode()).hexdigest(),
            at=at,
        )
        for resource, why in wrong
        for body in [_as_it_came(resource)]
    ]
    Quarantined.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _as_it_came(resource: Resource) -> str:
    """Plain ASCII, so that what no database would store (half a surrogate, a NUL) can be kept."""
    return json.dumps(resource, sort_keys=True, default=float)


def id_of(resource: Resource) -> str:
    return _NO_ID.sub("?", str(resource.get("id", "")))[:64]


def _mend(kind: str, good: Iterable[Resource], *, at: datetime) -> None:
    """What has now been taken over needs nobody's eyes any more.

    An answer about somebody else than was asked for stays: the resource itself was never wrong,
    so its being right tells nothing.
    """
    ids = {id_of(resource) for resource in good}
    waiting = Quarantined.objects.filter(resource=kind, fhir_id__in=ids, mended_at=None)
    waiting.exclude(why=ANOTHER).update(mended_at=at)
