"""How one item went over the years, whatever units and reference ranges it was told in.

A series is told in the unit of its newest value. What cannot be converted into it stands in a
series of its own: two units never share one line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hospital.his.models import Observation
from patients.reports.units import Convert, converter


@dataclass(frozen=True)
class Point:
    """One value, in the unit of its series, with the range that was in force then."""

    at: datetime
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    flag: str  # high | low | abnormal | empty
    told: str = ""  # as it was told, where that was in another unit

    @property
    def reference(self) -> str:
        return reference(self.low, self.high)


@dataclass(frozen=True)
class Trend:
    """`points` stand oldest first and are at least one."""

    code: str
    name: str
    unit: str
    points: Sequence[Point]

    @property
    def latest(self) -> Point:
        return self.points[-1]

    @property
    def newest_first(self) -> Sequence[Point]:
        return self.points[::-1]

    @property
    def has_other_ranges(self) -> bool:
        """Whether the reference range changed on the way."""
        return len({(point.low, point.high) for point in self.points}) > 1

    @property
    def was_converted(self) -> bool:
        return any(point.told for point in self.points)

    @property
    def says(self) -> str:
        """The drawing in words: from where to where, and how often outside."""
        first, last = self.points[0], self.latest
        outside = sum(1 for point in self.points if point.flag)
        sentence = _(
            "%(name)s：%(since)s 为 %(first)s，%(until)s 为 %(last)s %(unit)s；"
            "%(n)s 次中 %(out)s 次超出参考范围"
        )
        return sentence % {
            "name": self.name,
            "since": f"{localtime(first.at):%Y-%m-%d}",
            "first": plain(first.value),
            "until": f"{localtime(last.at):%Y-%m-%d}",
            "last": plain(last.value),
            "unit": self.unit,
            "n": len(self.points),
            "out": outside,
        }


def trends_of(rows: Iterable[Observation]) -> list[Trend]:
    """Of the values of one analyte, oldest first: the series of the newest one, then those of
    what could not be converted. Results in words are passed over."""
    waiting = [row for row in rows if row.value is not None]
    found = []
    while waiting:
        newest = waiting[-1]
        told = [(row, _into(row, newest)) for row in waiting]
        points = [_point(row, convert, newest) for row, convert in told if convert]
        found.append(Trend(newest.code, newest.name, newest.unit, points))
        waiting = [row for row, convert in told if convert is None]
    return found


def _into(row: Observation, newest: Observation) -> Convert | None:
    return converter(row.code, row.unit, to_code=newest.code, to_unit=newest.unit)


def _point(row: Observation, convert: Convert, newest: Observation) -> Point:
    value = convert(row.value)
    is_as_told = row.unit == newest.unit and value == row.value
    return Point(
        at=row.at,
        value=value,
        low=None if row.low is None else convert(row.low),
        high=None if row.high is None else convert(row.high),
        flag=flag_of(row),
        told="" if is_as_told else f"{plain(row.value)} {row.unit}",
    )


def flag_of(row: Any) -> str:
    """On which side of its range a value lies; of words and without a range, what the
    laboratory says."""
    if row.value is None:
        return str(row.flag)
    return flag(row.value, row.low, row.high) or str(row.flag)


def flag(value: Decimal, low: Decimal | None, high: Decimal | None) -> str:
    """high | low | empty: on which side of its reference range a value lies."""
    if high is not None and value > high:
        return "high"
    return "low" if low is not None and value < low else ""


def reference(low: Decimal | None, high: Decimal | None) -> str:
    """`3.5–5.3`, `≤3.4`, `≥90`, or nothing."""
    if low is not None and high is not None:
        return f"{plain(low)}–{plain(high)}"
    if high is not None:
        return f"≤{plain(high)}"
    return f"≥{plain(low)}" if low is not None else ""


def plain(value: Decimal) -> str:
    """`5.4000` → `5.4`."""
    return f"{value.normalize():f}"
