"""The walk over the trail: from the rows up to the anchors, in flat memory.

What each layer proves: a row against its leaf (edited, deleted, swapped); leaves against signed
heads (rewritten: who has no key cannot make a head that fits); heads against anchors (forged,
truncated: who has the database and the key cannot reach the anchors).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import connections, transaction

from audit.anchors import Anchors
from audit.frontier import Frontier
from audit.models import Head
from audit.proofs import leaves
from audit.proofs.heads import Keys, SignedHead
from audit.proofs.merkle import Growing, Hashing
from audit.tree import STEP, newest_head, signed
from audit.verifying import stored
from audit.verifying.events import Events
from audit.verifying.verdict import KEPT, Verdict, What
from audit.verifying.witnesses import Witness

OLDEST_ANCHOR: Final = timedelta(hours=24)


def verify(
    *, at: datetime, anchors: Path, keys: Keys | None = None, algorithm: str | None = None
) -> Verdict:
    """Recompute everything from the rows; see `Verdict`. Reads as the auditor, locks nothing.

    `anchors` is their folder. Without `keys` the public keys that lie there are used, which
    whoever writes there could exchange. With `algorithm` the tree must be of this one.
    """
    outside = Anchors(anchors)
    verdict = Verdict()
    with _one_moment():
        head = newest_head()
        _walk(verdict, head, outside, outside.public_keys() if keys is None else keys, at=at)
        if head is not None:
            verdict.size, verdict.root = head.size, bytes(head.root).hex()
            verdict.head_at, verdict.algorithm = head.at, head.algorithm
            if algorithm not in {None, head.algorithm}:
                words = f"the tree is of {head.algorithm}, not of {algorithm}"
                verdict.find(What.ALGORITHM, 0, words)
        _look_for_smuggled(verdict, Frontier.after(head))
    verdict.sort()
    return verdict


@contextmanager
def _one_moment() -> Iterator[None]:
    """Everything as it was at one moment, while sealing goes on."""
    with transaction.atomic(using="trail", durable=True), connections["trail"].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # A trail of years takes longer than any page may; and pages are joined by index.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL enable_hashjoin = off")
        cursor.execute("SET LOCAL enable_mergejoin = off")
        yield


def _walk(
    verdict: Verdict, newest: Head | None, outside: Anchors, keys: Keys, *, at: datetime
) -> None:
    hashing = Hashing(newest.algorithm if newest else "sha256")
    heads = Witness("head", map(signed, stored.each_head()), keys, verdict)
    anchors = Witness("anchor", _lines(outside, verdict), keys, verdict)
    nodes = _Nodes(verdict)
    tree = Growing(hashing, told=nodes.told)
    events = Events(hashing, stored.eras(), verdict)
    stop, expected, is_whole = _stop(heads, anchors), 0, True
    for row in stored.each_leaf():
        if row.position != expected:
            words = "these leaves are gone"
            verdict.find(What.LEAF_MISSING, expected, words, upto=row.position, at=events.at)
            is_whole = False
        expected = row.position + 1
        events.look_at(row)
        if not is_whole:
            continue  # what the rest would hash to says nothing any more
        tree.append(bytes.fromhex(row.hash.decode()))
        if tree.size == stop:
            root = tree.root()
            heads.ask(tree.size, root)
            anchors.ask(tree.size, root)
            stop = _stop(heads, anchors)
    events.settle()
    if is_whole:
        _judge(verdict, heads, anchors)
        nodes.end()
        _judge_the_end(verdict, expected, newest, events)
    _judge_anchors(verdict, anchors, expected, at=at)


def _stop(*witnesses: Witness) -> int:
    return min((each.stop for each in witnesses if each.stop), default=0)


def _lines(outside: Anchors, verdict: Verdict) -> Iterator[SignedHead]:
    if not outside.path.exists():
        return
    for number, line in enumerate(outside, start=1):
        if line is None:
            verdict.warnings.append(f"line {number} of {outside.path} cannot be read")
        else:
            yield line


def _judge(verdict: Verdict, heads: Witness, anchors: Witness) -> None:
    if heads.disagreement is not None:
        good, size, at = heads.disagreement
        words = f"the leaves are not those of the head of {size}, signed at {at.isoformat()}"
        verdict.find(What.REWRITTEN, good, words, upto=size, at=at)
    if anchors.disagreement is not None:
        good, size, at = anchors.disagreement
        whole = "" if heads.disagreement else ", though the database agrees with itself"
        words = f"not what was anchored at {good} and {size} leaves{whole}"
        verdict.find(What.FORGED, good, words, upto=size, at=at)


def _judge_the_end(verdict: Verdict, count: int, newest: Head | None, events: Events) -> None:
    size = newest.size if newest else 0
    if count == size and newest and events.is_sound and events.last != (newest.xid, newest.event):
        words = f"the newest head names event {newest.event} as its last"
        verdict.find(What.REWRITTEN, size - 1, words, event=events.last[1], at=events.at)
    if count < size:
        words = f"the newest head speaks of {size} leaves"
        verdict.find(What.LEAF_MISSING, count, words, upto=size, at=events.at)
    elif count > size:
        words = f"leaves beyond the newest head, which speaks of {size}"
        verdict.find(What.INSERTED, size, words, upto=count, at=events.at)


def _judge_anchors(verdict: Verdict, anchors: Witness, count: int, *, at: datetime) -> None:
    beyond, newest = anchors.beyond(), anchors.last
    if newest is None:
        if count:
            verdict.find(What.ANCHOR_MISSING, 0, "nothing outside speaks of this trail", upto=count)
        return
    verdict.anchored = newest.head.size
    if beyond is not None and beyond.head.size > count:
        words = f"{beyond.head.size} leaves were anchored at {beyond.head.at.isoformat()}"
        verdict.find(What.TRUNCATED, count, words, upto=beyond.head.size, at=beyond.head.at)
    if newest.head.at < at - OLDEST_ANCHOR:
        words = f"nothing was anchored since {newest.head.at.isoformat()}"
        verdict.find(What.ANCHOR_OLD, newest.head.size - 1, words, at=newest.head.at)


def _look_for_smuggled(verdict: Verdict, frontier: Frontier) -> None:
    verdict.waiting = stored.waiting(frontier)
    for event, xid, microseconds, after in stored.smuggled(frontier, KEPT):
        words = f"event {event} (transaction {xid}) stands below the sealed ones and has no leaf"
        verdict.find(
            What.INSERTED,
            verdict.size if after is None else after,
            words,
            event=event,
            at=leaves.moment(microseconds),
        )


class _Nodes:
    """The kept inner hashes against the recomputed ones."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self._levels: dict[int, Iterator[tuple[int, bytes]] | None] = {}

    def told(self, level: int, index: int, value: bytes) -> None:
        """Of one level only the first that differs is told: those after it may have moved up."""
        if level % STEP:
            return
        if level not in self._levels:
            self._levels[level] = stored.each_node(level)
        kept = self._levels[level]
        if kept is not None and next(kept, None) != (index, value):
            self._find(level, index, "the kept hash over these leaves is not theirs")

    def end(self) -> None:
        for level, kept in list(self._levels.items()):
            if kept is not None and (extra := next(kept, None)) is not None:
                self._find(level, extra[0], "a hash is kept over leaves that are not there")

    def _find(self, level: int, index: int, words: str) -> None:
        low = index << level
        self._verdict.find(What.NODE, low, f"level {level}: {words}", upto=low + (1 << level))
        self._levels[level] = None
