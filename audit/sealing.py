"""The sealer: puts committed events into the tree, signs its head, anchors that outside.

Appending an event never waits for it: the sealer, not the request, orders the leaves. One seals at
a time; whoever comes second leaves at once. Whatever dies in between is mended by the next run.
"""

import io
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connections, transaction

from audit import rows
from audit.anchors import Anchors
from audit.frontier import Frontier
from audit.models import Head
from audit.proofs import heads, leaves
from audit.proofs.merkle import Hashing
from audit.signing import signer
from audit.tree import STEP, Stored, newest_head, signed

BATCH: Final = 10_000  # leaves under one head; what is held in memory
ANCHOR_EVERY: Final = timedelta(seconds=10)
_LOCK: Final = 0x7365616C  # "seal"
log = logging.getLogger(__name__)


def seal(at: datetime) -> int:
    """Seal every event that can no longer be overtaken. Returns how many; 0 beside another sealer.

    Promise: called every two seconds, an event is sealed within five of its commit, unless an older
    transaction is still running. OSError where the anchor cannot be written: what is sealed stays.
    """
    sealed = 0
    while (count := _seal_batch(at)) > 0:
        sealed += count
        if count < BATCH:
            break
    anchor(paused=sealed == 0)
    return sealed


def anchor(*, paused: bool) -> bool:
    """Append the newest head to the anchors, every ten seconds and whenever the trail pauses."""
    head = newest_head()
    if head is None:
        return False
    newest = signed(head)
    with Anchors(Path(settings.AUDIT_ANCHOR_DIR)).held() as anchors:
        last = anchors.last()
        if last == newest:
            return False
        if last and last.head.size > newest.head.size:
            log.critical("the trail was anchored at %s, it has %s", last.head.size, head.size)
        elif last and not paused and newest.head.at - last.head.at < ANCHOR_EVERY:
            return False
        anchors.publish(*signer().public_key())
        anchors.append(newest)
    return True


@transaction.atomic(using="trail")
def _seal_batch(at: datetime) -> int:
    if not _alone():
        return 0
    head = newest_head()
    frontier, lines = _sealable(Frontier.after(head))
    if not lines:
        return 0
    hashing = Hashing(head.algorithm if head else settings.AUDIT_HASH)
    tree = Stored(head.size if head else 0, hashing).growing()
    new_leaves, new_nodes = io.StringIO(), io.StringIO()

    def keep(level: int, index: int, value: bytes) -> None:
        if level % STEP == 0:
            new_nodes.write(f"{level}\t{index}\t\\\\x{value.hex()}\n")

    tree.told = keep
    for line in lines:
        leaf = hashing.leaf(line)
        event = line.split(b"\t", leaves.ID + 1)[leaves.ID].decode()
        new_leaves.write(f"{tree.size}\t{event}\t\\\\x{leaf.hex()}\n")
        tree.append(leaf)
    _add("audit_leaf (position, event_id, hash)", new_leaves)
    _add("audit_node (level, index, hash)", new_nodes)
    said = heads.Head(settings.HOSPITAL_NAME, tree.size, tree.root(), hashing.algorithm, at)
    _sign(said, frontier, last=lines[-1])
    return len(lines)


def _sealable(frontier: Frontier) -> tuple[Frontier, list[bytes]]:
    lines = _read(frontier)
    if not lines and frontier.is_restored:
        frontier = frontier.begun_again
        lines = _read(frontier)
    return frontier, lines


def _read(frontier: Frontier) -> list[bytes]:
    return rows.copied(
        f"SELECT {rows.TEXT} FROM audit_event e WHERE {frontier.sealable}"  # noqa: S608
        f" ORDER BY e.xid, e.id LIMIT {BATCH}"
    )


def _sign(said: heads.Head, frontier: Frontier, *, last: bytes) -> None:
    by = signer().sign(said)
    _version, event, xid, _rest = last.split(b"\t", 3)
    Head.objects.using("trail").create(
        hospital=said.hospital,
        size=said.size,
        root=said.root,
        algorithm=said.algorithm,
        at=said.at,
        key=by.key,
        signature=by.signature,
        xid=int(xid),
        event=int(event),
        since=frontier.since,
    )


def _alone() -> bool:
    """Whether nobody else seals, until this transaction ends."""
    with connections["trail"].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        (is_ours,) = cursor.fetchone()
    return bool(is_ours)


def _add(table: str, lines: io.StringIO) -> None:
    lines.seek(0)
    cursor: Any
    with connections["trail"].cursor() as cursor:
        cursor.copy_expert(f"COPY {table} FROM STDIN", lines)
