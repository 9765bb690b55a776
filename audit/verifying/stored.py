"""What the database holds of the trail, in order and in flat memory: leaves, nodes, heads."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from django.db import connections

from audit import rows
from audit.frontier import Frontier
from audit.models import Head, Node
from audit.proofs import leaves

PAGE: Final = 10_000
_FEW: Final = 1_000
_GONE: Final = rb"\N"


class Row(NamedTuple):
    """A leaf beside the event it speaks of; `text` is None where that event is gone."""

    position: int
    event: int
    hash: bytes  # hex
    text: bytes | None


def each_leaf() -> Iterator[Row]:
    """By position. The pages are joined by index: a plan over whole tables would not be flat."""
    last = -1
    while lines := _page(last):
        for line in lines:
            position, event, value, text = line.split(b"\t", 3)
            is_gone = text.split(b"\t", leaves.ID + 1)[leaves.ID] == _GONE
            yield Row(int(position), int(event), value, None if is_gone else text)
        last = int(lines[-1].split(b"\t", 1)[0])


def _page(last: int) -> list[bytes]:
    return rows.copied(
        f"SELECT l.position, l.event_id, encode(l.hash, 'hex'), {rows.TEXT}"  # noqa: S608
        " FROM audit_leaf l LEFT JOIN audit_event e ON e.id = l.event_id"
        f" WHERE l.position > {last} ORDER BY l.position LIMIT {PAGE}"
    )


def each_head() -> Iterator[Head]:
    last = 0
    heads = Head.objects.using("trail").order_by("size")
    while page := list(heads.filter(size__gt=last)[:_FEW]):
        yield from page
        last = page[-1].size


def each_node(level: int) -> Iterator[tuple[int, bytes]]:
    """(index, hash) of one kept level, by index."""
    last = -1
    nodes = Node.objects.using("trail").filter(level=level).order_by("index")
    while page := list(nodes.filter(index__gt=last).values_list("index", "hash")[:_FEW]):
        yield from ((index, bytes(value)) for index, value in page)
        last = page[-1][0]


def eras() -> list[int]:
    """The last event before each restore: after it transactions are counted anew."""
    heads = Head.objects.using("trail").filter(since__gt=0)
    return list(heads.values_list("since", flat=True).distinct())


def smuggled(frontier: Frontier, most: int) -> list[tuple[int, int, str, int | None]]:
    """Events below the frontier that no leaf speaks of: id, xid, microseconds, the leaf after."""
    with connections["trail"].cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.xid, (extract(epoch FROM e.at) * 1000000)::bigint::text,"  # noqa: S608
            " (SELECT l.position FROM audit_event n JOIN audit_leaf l ON l.event_id = n.id"
            "  WHERE (n.xid, n.id) > (e.xid, e.id) ORDER BY n.xid, n.id LIMIT 1)"
            f" FROM audit_event e WHERE NOT {frontier.waiting}"
            " AND NOT EXISTS (SELECT FROM audit_leaf l WHERE l.event_id = e.id)"
            " ORDER BY e.xid, e.id LIMIT %s",
            [most],
        )
        return list(cursor.fetchall())


def waiting(frontier: Frontier) -> int:
    with connections["trail"].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM audit_event e WHERE {frontier.waiting}")  # noqa: S608
        (count,) = cursor.fetchone()
    return int(count)
