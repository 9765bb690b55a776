"""One value over years: each point stands at its own day, over the range in force on that day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, pairwise
from typing import Final, Protocol

from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from hospital.web.charts.drawing import chart, element, points, text

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 40, 40, 18, 24
MOST_TICKS: Final = 6
_YEAR: Final = 366 * 24 * 3600


class Mark(Protocol):
    @property
    def at(self) -> datetime: ...
    @property
    def value(self) -> object: ...
    @property
    def low(self) -> object: ...
    @property
    def high(self) -> object: ...


@dataclass(frozen=True)
class _Dot:
    at: datetime
    value: float
    low: float | None
    high: float | None

    @property
    def side(self) -> str:
        if self.high is not None and self.value > self.high:
            return "above"
        return "below" if self.low is not None and self.value < self.low else ""


@dataclass(frozen=True)
class _Scale:
    """From days and values to places on the paper."""

    first: datetime
    seconds: float
    low: float
    high: float

    def x(self, at: datetime) -> float:
        share = (at - self.first).total_seconds() / self.seconds if self.seconds else 0.5
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return TOP + (self.high - value) * (HEIGHT - TOP - BOTTOM) / (self.high - self.low)


def yearchart(marks: Sequence[Mark], *, unit: str = "", title: str = "") -> SafeString:
    """At least one mark, oldest first. Points above and below are triangles, not only red."""
    dots = [_dot(mark) for mark in marks]
    scale = _scale_of(dots)
    parts = [*_bands(dots, scale), *_ticks(dots, scale)]
    line = points([(scale.x(dot.at), scale.y(dot.value)) for dot in dots])
    parts.append(element("polyline", class_="chart-line", points=line))
    parts += [_shape(dot, scale, unit, is_last=dot is dots[-1]) for dot in dots]
    return chart(WIDTH, HEIGHT, title, parts)


def _dot(mark: Mark) -> _Dot:
    return _Dot(mark.at, float(mark.value), _number(mark.low), _number(mark.high))  # type: ignore[arg-type]


def _number(told: object) -> float | None:
    return None if told is None else float(told)  # type: ignore[arg-type]


def _scale_of(dots: Sequence[_Dot]) -> _Scale:
    known = [v for dot in dots for v in (dot.value, dot.low, dot.high) if v is not None]
    room = (max(known) - min(known)) * 0.14 or abs(known[0]) * 0.1 or 1
    seconds = (dots[-1].at - dots[0].at).total_seconds()
    return _Scale(dots[0].at, seconds, min(known) - room, max(known) + room)


def _bands(dots: Sequence[_Dot], scale: _Scale) -> Iterator[SafeString]:
    """A piece for each range in force, from half-way to half-way between two points."""
    runs = [list(run) for _range, run in groupby(dots, key=lambda dot: (dot.low, dot.high))]
    places = [scale.x(dot.at) for dot in dots]
    middles = [(left + right) / 2 for left, right in pairwise(places)]
    edges, done = [float(LEFT)], 0
    for run in runs[:-1]:
        done += len(run)
        edges.append(middles[done - 1])
    edges.append(float(WIDTH - RIGHT))
    for i, (run, (left, right)) in enumerate(zip(runs, pairwise(edges), strict=True)):
        yield from _band(run[0], scale, left, right, is_labelled=i in {0, len(runs) - 1})


def _band(
    dot: _Dot, scale: _Scale, left: float, right: float, *, is_labelled: bool
) -> Iterator[SafeString]:
    if dot.low is None and dot.high is None:
        return
    top = scale.y(scale.high if dot.high is None else dot.high)
    bottom = scale.y(scale.low if dot.low is None else dot.low)
    place = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    yield element("rect", class_="chart-band", **place)
    for limit in (dot.low, dot.high):
        if limit is None:
            continue
        y = scale.y(limit)
        yield element("line", class_="chart-ref", x1=left, x2=right, y1=y, y2=y)
        if is_labelled and left <= LEFT:
            yield text(f"{limit:g}", LEFT - 5, y + 4, "chart-tick", "end")
        elif is_labelled:
            yield text(f"{limit:g}", WIDTH - RIGHT + 5, y + 4, "chart-tick", "start")


def _ticks(dots: Sequence[_Dot], scale: _Scale) -> Iterator[SafeString]:
    """The turns of years, or of a shorter time its two ends."""
    first, last = localtime(dots[0].at), localtime(dots[-1].at)
    if scale.seconds < 2 * _YEAR:
        yield text(f"{first:%Y-%m}", scale.x(first), HEIGHT - 6, "chart-tick")
        if scale.seconds:
            yield text(f"{last:%Y-%m}", scale.x(last), HEIGHT - 6, "chart-tick")
        return
    step = 1 + (last.year - first.year) // MOST_TICKS
    for year in range(first.year + 1, last.year + 1, step):
        x = scale.x(datetime(year, 1, 1, tzinfo=UTC))
        yield element("line", class_="chart-year", x1=x, x2=x, y1=TOP, y2=HEIGHT - BOTTOM)
        yield text(str(year), x, HEIGHT - 6, "chart-tick")


def _shape(dot: _Dot, scale: _Scale, unit: str, *, is_last: bool) -> SafeString:
    x, y, r = scale.x(dot.at), scale.y(dot.value), 4.5 if is_last else 3.5
    said = element("title", f"{localtime(dot.at):%Y-%m-%d} {dot.value:g} {unit}")
    if dot.side:
        tip = -1 if dot.side == "above" else 1
        corners = [(x, y + tip * r * 1.5), (x - r * 1.3, y - tip * r), (x + r * 1.3, y - tip * r)]
        shape = element("polygon", said, class_="chart-dot is-out", points=points(corners))
    else:
        shape = element("circle", said, class_="chart-dot", cx=x, cy=y, r=r)
    if not is_last:
        return shape
    out = " is-out" if dot.side else ""
    return SafeString(shape + text(f"{dot.value:g}", x, y - 10, f"chart-last{out}"))
