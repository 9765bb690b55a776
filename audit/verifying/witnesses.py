"""Those who remember the tree at some sizes: signed heads in the database, anchors outside it.

A witness is asked when the recomputed tree has grown to a size it speaks of. The last size at
which it agreed and the first at which it does not bracket the bad row.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from audit.proofs.heads import Keys, SignedHead
from audit.verifying.verdict import Verdict, What


class Disagreement(NamedTuple):
    good: int  # the last size at which it agreed
    size: int  # the first at which it does not
    at: datetime


class Witness:
    """Asked in growing order; whoever goes back in size is told by `went_back`."""

    def __init__(self, name: str, heads: Iterable[SignedHead], keys: Keys, verdict: Verdict):
        self.name = name
        self.good = 0
        self.last: SignedHead | None = None  # the newest that it has spoken of
        self.disagreement: Disagreement | None = None
        self._rest = self._signed_only(heads, keys, verdict)
        self.next = next(self._rest, None)

    def _signed_only(
        self, heads: Iterable[SignedHead], keys: Keys, verdict: Verdict
    ) -> Iterator[SignedHead]:
        highest = 0
        for signed in heads:
            self.last = signed
            head = signed.head
            if not signed.is_signed(keys):
                verdict.find(
                    What.SIGNATURE,
                    head.size - 1,
                    f"the {self.name} of {head.size} leaves is not signed by a known key",
                    at=head.at,
                )
            elif head.size < highest:
                verdict.find(
                    What.ANCHOR_WENT_BACK,
                    head.size,
                    f"an {self.name} of {head.size} leaves follows one of {highest}",
                    upto=highest,
                    at=head.at,
                )
            else:
                highest = head.size
                yield signed

    @property
    def stop(self) -> int:
        """The size at which to ask next; 0: never."""
        return self.next.head.size if self.next else 0

    def ask(self, size: int, root: bytes) -> None:
        while self.next is not None and self.next.head.size == size:
            if self.next.head.root == root and self.disagreement is None:
                self.good = size
            elif self.disagreement is None:
                self.disagreement = Disagreement(self.good, size, self.next.head.at)
            self.next = next(self._rest, None)

    def beyond(self) -> SignedHead | None:
        """Once the tree has ended: the greatest that it still speaks of, read to its end."""
        found = self.next
        for signed in self._rest:
            found = signed
        self.next = None
        return found
