"""The Merkle tree of RFC 6962 §2.1: its root, paths of inclusion, proofs of consistency.

Leaves are numbered from 0; a range is [low, high). Proofs are made from `Subtree`, which gives the
hash over a range, so whoever stores inner hashes proves without reading every leaf.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

ALGORITHMS: Final = ("sha256", "sm3")
HASH_BYTES: Final = 32  # of both

Subtree = Callable[[int, int], bytes]


class Hashing:
    """Leaf = H(0x00 ‖ data), node = H(0x01 ‖ left ‖ right) (RFC 6962 2.1)."""

    def __init__(self, algorithm: str) -> None:
        if algorithm not in ALGORITHMS:
            raise ValueError(f"{algorithm!r} is not one of {', '.join(ALGORITHMS)}.")
        self.algorithm = algorithm
        self.empty = hashlib.new(algorithm).digest()
        # Copying a begun hash is faster than looking its name up for every leaf.
        self._leaf = hashlib.new(algorithm, b"\0")
        self._node = hashlib.new(algorithm, b"\1")

    def leaf(self, data: bytes) -> bytes:
        begun = self._leaf.copy()
        begun.update(data)
        return begun.digest()

    def node(self, left: bytes, right: bytes) -> bytes:
        begun = self._node.copy()
        begun.update(left + right)
        return begun.digest()

    def folded(self, row: Sequence[bytes]) -> bytes:
        """The root over a full row of 2ⁿ hashes of one level."""
        while len(row) > 1:
            row = [self.node(*pair) for pair in zip(row[::2], row[1::2], strict=True)]
        return row[0]


def _nobody(_level: int, _index: int, _value: bytes) -> None:
    pass


@dataclass
class Growing:
    """A tree that only grows: appending is O(1) on average, its memory O(log n).

    `peaks` are the complete subtrees that `size` is made of, the largest first. `told` hears of
    every inner node the moment it is complete: (level, index within the level, hash).
    """

    hashing: Hashing
    size: int = 0
    peaks: list[bytes] = field(default_factory=list)
    told: Callable[[int, int, bytes], None] = _nobody

    def append(self, leaf: bytes) -> None:
        self.size += 1
        index, level = self.size - 1, 0
        while index & 1:
            leaf = self.hashing.node(self.peaks.pop(), leaf)
            index >>= 1
            level += 1
            self.told(level, index, leaf)
        self.peaks.append(leaf)

    def root(self) -> bytes:
        if not self.peaks:
            return self.hashing.empty
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = self.hashing.node(peak, found)
        return found


def peaks_of(size: int) -> list[tuple[int, int]]:
    """The ranges of the complete subtrees that a tree of this size is made of."""
    found, low = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            found.append((low, low + (1 << level)))
            low += 1 << level
    return found


def root(leaves: Sequence[bytes], hashing: Hashing) -> bytes:
    """MTH of RFC 6962 2.1, over leaf hashes."""
    tree = Growing(hashing)
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def subtrees(leaves: Sequence[bytes], hashing: Hashing) -> Subtree:
    """Ranges of a tree that is wholly in memory."""

    @cache
    def over(low: int, high: int) -> bytes:
        if high - low == 1:
            return leaves[low]
        middle = low + split(high - low)
        return hashing.node(over(low, middle), over(middle, high))

    return over


def split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def path(index: int, size: int, over: Subtree) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962 2.1.1: the siblings from leaf `index` up to the root."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    found, low, high = [], 0, size
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low = middle
    return [over(*sibling) for sibling in reversed(found)]


def is_included(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes, hashing: Hashing
) -> bool:
    """Whether `leaf` stands at `index` of the tree with this size and root (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = hashing.node(sibling, found)
            while not here & 1 and here:
                here >>= 1
                last >>= 1
        else:
            found = hashing.node(found, sibling)
        here >>= 1
        last >>= 1
    return last == 0 and found == root


def consistency(older: int, size: int, over: Subtree) -> list[bytes]:
    """PROOF(m, D[n]) of RFC 6962 2.1.2: that the tree of `older` leaves is a prefix of this one."""
    if not 0 < older <= size:
        raise ValueError(f"{older} leaves are no beginning of {size}.")

    def below(low: int, high: int, *, whole: bool) -> list[bytes]:
        if older == high:
            return [] if whole else [over(low, high)]
        middle = low + split(high - low)
        if older <= middle:
            return [*below(low, middle, whole=whole), over(middle, high)]
        return [*below(middle, high, whole=False), over(low, middle)]

    return below(0, size, whole=True)


def is_consistent(
    older: int, older_root: bytes, size: int, root: bytes, proof: Sequence[bytes], hashing: Hashing
) -> bool:
    """Whether the older tree is a beginning of the newer (RFC 9162 2.1.4.2)."""
    if not 0 < older <= size:
        return False
    if older == size:
        return not proof and older_root == root
    rest = list(proof)
    if older & (older - 1) == 0:
        rest.insert(0, older_root)
    if not rest:
        return False
    here, last = older - 1, size - 1
    while here & 1:
        here >>= 1
        last >>= 1
    first = second = rest[0]
    for sibling in rest[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = hashing.node(sibling, first), hashing.node(sibling, second)
            while not here & 1 and here:
                here >>= 1
                last >>= 1
        else:
            second = hashing.node(second, sibling)
        here >>= 1
        last >>= 1
    return last == 0 and (first, second) == (older_root, root)
