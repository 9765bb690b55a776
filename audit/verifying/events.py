"""Each leaf against the event it speaks of."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from audit.proofs import leaves
from audit.proofs.merkle import Hashing
from audit.verifying.stored import Row
from audit.verifying.verdict import KEPT, Verdict, What

_PARTS: Final = leaves.AT + 2  # as many pieces as are looked at, and the rest


@dataclass
class Events:
    """Told every leaf in order; `settle` says at the end what the changed ones have become."""

    hashing: Hashing
    eras: list[int]
    verdict: Verdict
    changed: list[Row] = field(default_factory=list)
    is_sound: bool = True  # the last one looked at
    last: tuple[int, int] = (0, 0)  # (xid, id) of the last sound one
    _at: bytes = b""

    @property
    def at(self) -> datetime | None:
        """When the last sound event was."""
        return leaves.moment(self._at.decode()) if self._at else None

    def look_at(self, row: Row) -> None:
        self.is_sound = False
        if row.text is None:
            words = "the event of this leaf is gone (the time is of the one before it)"
            self.verdict.find(What.DELETED, row.position, words, event=row.event, at=self.at)
        elif self.hashing.leaf(row.text).hex().encode() != row.hash:
            if len(self.changed) < KEPT:
                self.changed.append(row)
            else:
                self.verdict.more += 1
        else:
            _version, event, xid, self._at, _rest = row.text.split(b"\t", _PARTS - 1)
            here = (int(xid), int(event))
            if here <= self.last and not self._begins_an_era(here[1]):
                words = f"leaves {row.position - 1} and {row.position} are not in their order"
                self.verdict.find(
                    What.REORDERED, row.position - 1, words, event=here[1], at=self.at
                )
            self.last, self.is_sound = here, True

    def settle(self) -> None:
        for row in self.changed:
            assert row.text is not None
            at = leaves.moment(row.text.split(b"\t", _PARTS - 1)[leaves.AT].decode())
            other = self._exchanged_with(row)
            if other is None:
                words = "the row is not the one that was sealed"
                self.verdict.find(What.EDITED, row.position, words, event=row.event, at=at)
            else:
                words = f"this row and that of leaf {other.position} have exchanged their contents"
                self.verdict.find(What.SWAPPED, row.position, words, event=row.event, at=at)

    def _exchanged_with(self, row: Row) -> Row | None:
        """The changed leaf whose event stands here now: ids, or all but ids, were exchanged."""
        for other in self.changed:
            if other is not row and (self._fits(row, other) or self._fits(other, row)):
                return other
        return None

    def _fits(self, row: Row, other: Row) -> bool:
        assert row.text is not None
        assert other.text is not None
        here, there = row.text.split(b"\t"), other.text.split(b"\t")
        for names in ((leaves.ID,), (leaves.ID, leaves.XID)):
            restored = list(here)
            for each in names:
                restored[each] = there[each]
            if self.hashing.leaf(b"\t".join(restored)).hex().encode() == other.hash:
                return True
        return False

    def _begins_an_era(self, event: int) -> bool:
        return any(self.last[1] <= since < event for since in self.eras)
