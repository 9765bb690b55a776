"""The tree as it is kept: heads, and hashes over any range from a few rows for each kept level."""

from functools import lru_cache
from typing import Any, Final

from django.db.models import QuerySet

from audit.models import Head, Leaf, Node
from audit.proofs import heads
from audit.proofs.merkle import Growing, Hashing, peaks_of, split

STEP: Final = 8  # levels between kept ones
TILE: Final = 1 << STEP


def newest_head() -> Head | None:
    return Head.objects.using("trail").order_by("-size").first()


def signed(head: Head) -> heads.SignedHead:
    said = heads.Head(head.hospital, head.size, bytes(head.root), head.algorithm, head.at)
    return heads.SignedHead(said, head.key, head.signature)


class Stored:
    """Hashes over ranges of the stored tree, as `audit.proofs` asks for them (a `Subtree`).

    One query for each row of 256 hashes that is touched: O(log n) for a proof. LookupError where
    the tables lack a row.
    """

    def __init__(self, size: int, hashing: Hashing) -> None:
        self.size = size
        self.hashing = hashing
        self.over = lru_cache(maxsize=4096)(self._over)
        self._row = lru_cache(maxsize=512)(self._read)

    def growing(self) -> Growing:
        """The tree to go on from."""
        peaks = [self.over(low, high) for low, high in peaks_of(self.size)]
        return Growing(self.hashing, self.size, peaks)

    def _over(self, low: int, high: int) -> bytes:
        count = high - low
        if count & (count - 1):
            middle = low + split(count)
            return self.hashing.node(self.over(low, middle), self.over(middle, high))
        level = (count.bit_length() - 1) // STEP * STEP
        first, last = low >> level, high >> level
        row = self._row(level, first // TILE)
        start = first // TILE * TILE
        return self.hashing.folded(row[first - start : last - start])

    def _read(self, level: int, number: int) -> list[bytes]:
        low, high = number * TILE, min((number + 1) * TILE, self.size >> level)
        rows: QuerySet[Any, Any]
        if level:
            nodes = Node.objects.using("trail").filter(level=level)
            rows = nodes.filter(index__gte=low, index__lt=high).order_by("index")
        else:
            leaves = Leaf.objects.using("trail")
            rows = leaves.filter(position__gte=low, position__lt=high).order_by("position")
        found = [bytes(each) for each in rows.values_list("hash", flat=True)]
        if len(found) != high - low:
            raise LookupError(f"The tree lacks hashes of level {level} between {low} and {high}.")
        return found
