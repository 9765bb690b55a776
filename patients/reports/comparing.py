"""Two reports side by side: what both have, what went where, what only one has."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hospital.his.models import Observation
from patients.reports.analytes import analyte_of
from patients.reports.items import Item, item_of
from patients.reports.trend import plain
from patients.reports.units import converter


@dataclass(frozen=True)
class Difference:
    """Of one analyte; the older side is told in the newer one's unit where that can be."""

    older: Item | None
    newer: Item | None
    before: str = ""  # the older value in the newer one's unit; empty: not to be compared
    change: Decimal | None = None  # newer less older
    percent: Decimal | None = None
    same_words: bool | None = None  # of results in words

    @property
    def name(self) -> str:
        return str((self.newer or self.older).row.name)  # type: ignore[union-attr]

    @property
    def unit(self) -> str:
        return str((self.newer or self.older).row.unit)  # type: ignore[union-attr]

    @property
    def direction(self) -> str:
        """up | down | same | changed | incomparable | only-newer | only-older."""
        if self.older is None:
            return "only-newer"
        if self.newer is None:
            return "only-older"
        if self.same_words is not None:
            return "same" if self.same_words else "changed"
        if self.change is None:
            return "incomparable"
        return "same" if not self.change else "up" if self.change > 0 else "down"

    @property
    def band(self) -> str:
        """back | out | still | empty: whether it came into its range, left it, or stays outside."""
        if self.older is None or self.newer is None:
            return ""
        was, is_ = self.older.flag, self.newer.flag
        return {(True, False): "back", (False, True): "out", (True, True): "still"}.get(
            (bool(was), bool(is_)), ""
        )

    @property
    def changed_by(self) -> str:
        """`+0.4`, `−12`."""
        if not self.change:
            return ""
        return f"{'+' if self.change > 0 else '−'}{plain(abs(self.change))}"

    @property
    def changed_by_percent(self) -> str:
        if not self.percent:
            return ""
        return f"{'+' if self.percent > 0 else '−'}{plain(abs(self.percent))}%"


def differences(older: Iterable[Observation], newer: Iterable[Observation]) -> Sequence[Difference]:
    """In the newer report's order; then what only the older one has.

    Of an analyte that stands more than once the first goes with the first, the next with the next.
    """
    before: defaultdict[str, deque[Observation]] = defaultdict(deque)
    for row in older:
        before[analyte_of(row.code).key].append(row)
    found = []
    for row in newer:
        same = before[analyte_of(row.code).key]
        found.append(_difference(same.popleft() if same else None, row))
    return found + [Difference(item_of(row), None) for rows in before.values() for row in rows]


def _difference(older: Observation | None, newer: Observation) -> Difference:
    now = item_of(newer)
    if older is None:
        return Difference(None, now)
    was = item_of(older)
    if older.value is None and newer.value is None:
        same = was.said.casefold() == now.said.casefold() and older.unit == newer.unit
        return Difference(was, now, before=was.said, same_words=same)
    convert = converter(older.code, older.unit, to_code=newer.code, to_unit=newer.unit)
    if older.value is None or newer.value is None or convert is None:
        return Difference(was, now)
    value = convert(older.value)
    change = newer.value - value
    percent = round(change / abs(value) * 100) if value else None
    return Difference(was, now, plain(value), change, None if percent is None else Decimal(percent))
