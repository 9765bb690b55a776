"""A new field key, and everything sealed anew under it: columns of all rooms and the files here.

See `docs/decisions/0015-rotating-the-field-keys.md`.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from audit import services as audit
from hospital.files import vault
from hospital.kernel import ciphers, keyring, resealing
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused, WrongState

OWNER: Final = "owner"  # guards let the owner seal a row anew, and nobody else
SETTLED: Final = timedelta(minutes=1)  # how long a key is in use before an older one may go
PATIENCE: Final = timedelta(minutes=3)  # a task may run so long
PASSES: Final = 8
_LOCK: Final = 0x4B455953  # "KEYS"

Say = Callable[[str], None]


@dataclass
class Outcome:
    key: str
    rows: int = 0
    files: int = 0
    left: int = 0
    damaged: set[str] = field(default_factory=set)

    @property
    def is_whole(self) -> bool:
        return not self.left and not self.damaged


def add_key() -> str:
    """A key that no process seals with yet, so that the file can be spread to other hosts first."""
    return keyring.add(secrets.token_bytes(keyring.KEY))


def rotate(*, say: Say) -> Outcome:
    """Finish the rotation that was begun, or begin one. Safe to kill, safe to run again."""
    with _alone() as connection:
        if _left(connection):
            kid = keyring.keyring(holding="?").current
            say(f"going on with key {kid}")
        else:
            kid = _begin()
            say(f"new key {kid}")
        outcome = _seal_all(connection, kid, say)
        _note("end", outcome)
    return outcome


def retire(kid: str, *, say: Say) -> None:
    """Forget an old key. Refuses while anything at all is sealed under it, or may still be."""
    with _alone() as connection:
        ring, at = keyring.keyring(holding="?"), database_now()
        if kid not in ring.keys or kid == ring.current:
            raise Refused(f"{kid} is not an old key.", code="not-an-old-key")
        if ring.since is None or at - ring.since < SETTLED:
            raise WrongState(f"{ring.current} is in use for too short a time.", code="too-early")
        if not resealing.wait_for_writers(connection, at_most=PATIENCE):
            raise WrongState("A transaction has been open for too long.", code="writers")
        under = {
            m._meta.label: resealing.left(m, connection, under=kid) for m in resealing.tables()
        }
        under["files"] = vault.sealed_under(kid)
        if any(under.values()):
            told = ", ".join(f"{name} {count}" for name, count in under.items() if count)
            raise WrongState(f"{kid} still seals: {told}", code="still-used")
        keyring.remove(kid)
        with transaction.atomic():
            audit.record("keys.retire", by=None, on=None, at=at, key=kid)
        say(f"{kid} is forgotten; backups made before need the key file of their time")


def _begin() -> str:
    ring = keyring.keyring(holding="?")
    waiting = [kid for kid in ring.keys if _number(kid) > _number(ring.current)]
    kid = min(waiting, key=_number) if waiting else add_key()
    keyring.use(kid, at=database_now())
    _note("begin", Outcome(kid))
    return kid


def _seal_all(connection: BaseDatabaseWrapper, kid: str, say: Say) -> Outcome:
    """Pass after pass: the first for nearly all, the next for what others held or wrote meanwhile.

    After the first one every process has looked at the key file and every transaction begun
    before that is over, so what is zero then stays zero.
    """
    outcome = Outcome(kid)
    for turn in range(PASSES):
        counted = resealing.Counted()
        for model in resealing.tables():
            before = counted.sealed
            for _each in resealing.reseal(model, connection, counted):
                pass
            if counted.sealed > before:
                say(f"  {model._meta.label:<32} {counted.sealed - before:>8} rows")
        files = _seal_files(outcome, say)
        outcome.rows += counted.sealed
        outcome.damaged |= set(counted.damaged)
        outcome.left = _left(connection) - len(outcome.damaged)
        if turn and not outcome.left and not counted.sealed and not files:
            break
        time.sleep(2 * keyring.LOOK if turn == 0 else 0.2)
        resealing.wait_for_writers(connection, at_most=PATIENCE)
    return outcome


def _seal_files(outcome: Outcome, say: Say) -> int:
    done = 0
    for path in vault.sealed():
        if vault.head_of(path) in ("", ciphers.head()) or path.stem in outcome.damaged:
            continue
        try:
            vault.reseal(path)
            done += 1
        except FileNotFoundError:
            continue
        except (ciphers.Undecipherable, ValueError):
            outcome.damaged.add(path.stem)
    outcome.files += done
    if done:
        say(f"  {'files':<32} {done:>8}")
    return done


def _left(connection: BaseDatabaseWrapper) -> int:
    rows = sum(resealing.left(model, connection) for model in resealing.tables())
    return rows + sum(vault.head_of(p) not in ("", ciphers.head()) for p in vault.sealed())


def _note(step: str, outcome: Outcome) -> None:
    with transaction.atomic():
        audit.record(
            "keys.rotate",
            by=None,
            on=None,
            at=database_now(),
            step=step,
            key=outcome.key,
            rows=outcome.rows,
            files=outcome.files,
            left=outcome.left,
            damaged=len(outcome.damaged),
        )


@contextmanager
def _alone() -> Iterator[BaseDatabaseWrapper]:
    """The owner's connection, on which one rotation runs at a time; its death ends the claim."""
    if OWNER not in connections.settings:
        raise Refused("DATABASE_OWNER_URL is not set.", code="owner-needed")
    connection = connections[OWNER]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise WrongState("A rotation is running already.", code="rotating")
    try:
        yield connection
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _number(kid: str) -> int:
    return int(kid[1:]) if kid[1:].isdecimal() else 0
