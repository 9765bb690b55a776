"""What a check of the trail came to."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

KEPT: Final = 100  # findings that are told one by one; more are counted


class What(StrEnum):
    """What happened to the trail. In the order in which it is told at one position."""

    EDITED = "edited"  # an event's row is not the one that was sealed
    SWAPPED = "swapped"  # two rows have exchanged their places
    DELETED = "deleted"  # a sealed event is gone
    INSERTED = "inserted"  # an event, or a leaf, stands where nothing was sealed
    LEAF_MISSING = "leaf-missing"  # rows of the tree itself are gone
    REORDERED = "reordered"  # leaves do not follow the order of events
    REWRITTEN = "rewritten"  # leaves are not those that a signed head speaks of
    NODE = "node"  # an inner hash is not that of its leaves
    SIGNATURE = "signature"  # a head or an anchor is not signed by a known key
    FORGED = "forged"  # everything in the database agrees, and an anchor does not
    TRUNCATED = "truncated"  # anchored leaves are gone together with their heads
    ALGORITHM = "algorithm"  # another one than was asked for
    ANCHOR_MISSING = "anchor-missing"
    ANCHOR_OLD = "anchor-old"
    ANCHOR_WENT_BACK = "anchor-went-back"


CHINESE: Final = {
    What.EDITED: "被修改",
    What.SWAPPED: "被对调",
    What.DELETED: "被删除",
    What.INSERTED: "被插入",
    What.LEAF_MISSING: "树缺叶子",
    What.REORDERED: "顺序被改",
    What.REWRITTEN: "被改写",
    What.NODE: "节点被改",
    What.SIGNATURE: "签名不符",
    What.FORGED: "整链伪造",
    What.TRUNCATED: "尾部被截断",
    What.ALGORITHM: "算法不符",
    What.ANCHOR_MISSING: "缺少锚点",
    What.ANCHOR_OLD: "锚点过旧",
    What.ANCHOR_WENT_BACK: "锚点倒退",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, at the first leaf it concerns, up to and without `upto`.

    Where only a span can be named, the bad row stands within it. `event` and `at` are of the first
    row where it is known; `at` of a row that is gone is that of the one before it.
    """

    what: What
    position: int
    words: str
    upto: int | None = None
    event: int | None = None
    at: datetime | None = None

    def __str__(self) -> str:
        where = f"leaf {self.position}"
        if self.upto is not None and self.upto > self.position + 1:
            where = f"leaves {self.position}-{self.upto - 1}"
        event = f", event {self.event}" if self.event is not None else ""
        at = f", {self.at.isoformat()}" if self.at else ""
        return f"{CHINESE[self.what]} {self.what}: {where}{event}{at}: {self.words}"


@dataclass
class Verdict:
    """`size`, `root`, `head_at`, `algorithm` are the newest head's; None before the first."""

    size: int = 0
    root: str | None = None
    head_at: datetime | None = None
    algorithm: str | None = None
    waiting: int = 0  # events that are not sealed yet
    anchored: int = 0  # the size that the newest anchor speaks of
    findings: list[Finding] = field(default_factory=list)
    more: int = 0  # findings beyond those kept
    warnings: list[str] = field(default_factory=list)

    @property
    def is_true(self) -> bool:
        return not self.findings

    @property
    def first(self) -> Finding | None:
        return self.findings[0] if self.findings else None

    def find(self, what: What, position: int, words: str, **known: object) -> None:
        if len(self.findings) < KEPT:
            self.findings.append(Finding(what, position, words, **known))  # type: ignore[arg-type]
        else:
            self.more += 1

    def sort(self) -> None:
        order = list(What)
        self.findings.sort(key=lambda each: (each.position, order.index(each.what)))
