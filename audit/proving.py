"""Proofs out of the stored tree: receipts, and bundles that are checked with the public key alone.

A bundle is a file of JSON lines, in this order (`audit.offline` reads it):

    {"bundle": 1, "kind": "range"|"stream"|"about", "from": n, "to": m, "head": {…}}
    {"leaf": n, "text": "…", "path": ["hex", …]}          one for each event, by position
    {"older": {…}, "consistency": ["hex", …]}             an older head that already held them all
    {"end": how many leaves}

`head` and `older` are signed heads (head, key, signature). `from` and `to` are of a range alone:
then no leaf between them may be missing. Of one visit or patient nothing shows what was left out.
"""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from audit import rows
from audit.models import Head, Leaf
from audit.proofs import merkle
from audit.proofs.merkle import Hashing
from audit.tree import Stored, newest_head, signed

BUNDLE: Final = 1
_PAGE: Final = 5_000


def receipt(event: int, head: Head) -> dict[str, Any] | None:
    """That an event stands in the tree of this head; None where it does not."""
    leaf = Leaf.objects.using("trail").filter(event=event, position__lt=head.size).first()
    text = rows.text_of(event)
    if leaf is None or text is None:
        return None
    hashing = Hashing(head.algorithm)
    path = merkle.path(leaf.position, head.size, Stored(head.size, hashing).over)
    return {
        "text": text,
        "hash": hashing.leaf(text.encode()).hex(),
        "index": leaf.position,
        "size": head.size,
        "path": [each.hex() for each in path],
        "head": signed(head).as_json(),
    }


def bundle_of_range(low: int, high: int) -> Iterator[dict[str, Any]]:
    """Every leaf from position `low` up to and without `high`."""
    return _bundle("range", f"l.position >= {int(low)} AND l.position < {int(high)}", low, high)


def bundle_of_stream(stream: UUID) -> Iterator[dict[str, Any]]:
    return _bundle("stream", f"e.stream = '{stream}'")


def bundle_about(patient: UUID) -> Iterator[dict[str, Any]]:
    return _bundle("about", f"e.about = '{patient}'")


def _bundle(
    kind: str, wanted: str, low: int | None = None, high: int | None = None
) -> Iterator[dict[str, Any]]:
    """Nothing where nothing is sealed yet."""
    head = newest_head()
    if head is None:
        return
    bounds = {} if low is None or high is None else {"from": low, "to": min(high, head.size)}
    yield {"bundle": BUNDLE, "kind": kind, **bounds, "head": signed(head).as_json()}
    stored = Stored(head.size, Hashing(head.algorithm))
    count, last = 0, -1
    while lines := _page(wanted, last, head.size):
        for line in lines:
            position, _tab, text = line.decode().partition("\t")
            count, last = count + 1, int(position)
            path = merkle.path(last, head.size, stored.over)
            yield {"leaf": last, "text": text, "path": [each.hex() for each in path]}
    older = Head.objects.using("trail").filter(size__gt=last).order_by("size").first()
    if count and older is not None:
        proof = merkle.consistency(older.size, head.size, stored.over)
        yield {"older": signed(older).as_json(), "consistency": [each.hex() for each in proof]}
    yield {"end": count}


def _page(wanted: str, last: int, size: int) -> list[bytes]:
    return rows.copied(
        f"SELECT l.position, {rows.TEXT} FROM audit_leaf l JOIN audit_event e ON e.id = l.event_id"  # noqa: S608
        f" WHERE {wanted} AND l.position > {last} AND l.position < {size}"
        f" ORDER BY l.position LIMIT {_PAGE}"
    )
