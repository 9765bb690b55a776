"""Charts as SVG drawn on the server: no script, no inline style, printable.

A screen reader hears `title`, which tells the values; the page puts a full table one tap away.
"""

from collections.abc import Sequence
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Series = Sequence[tuple[str, float]]
LEFT, RIGHT, TOP, BOTTOM = 34, 12, 14, 22
FEW: Final = 6  # up to so many points, each gets its label


def line(
    series: Series,
    *,
    lo: float | None = None,
    hi: float | None = None,
    unit: str = "",
    title: str = "",
    width: int = 340,
    height: int = 132,
) -> SafeString:
    """A line over the reference band [lo, hi]; points outside are hollow as well as red."""
    values = [value for _label, value in series]
    low, high = _bounds(values, lo, hi)

    def x(index: int) -> float:
        return LEFT + index * (width - LEFT - RIGHT) / max(1, len(series) - 1)

    def y(value: float) -> float:
        return TOP + (high - value) * (height - TOP - BOTTOM) / (high - low)

    def out(value: float) -> str:
        return " is-out" if not _within(value, lo, hi) else ""

    top, bottom = y(high if hi is None else hi), y(low if lo is None else lo)
    last = len(series) - 1
    parts = [
        format_html(
            '<rect class="chart-band" x="{}" y="{}" width="{}" height="{}" rx="3"/>',
            LEFT, _pt(top), width - LEFT - RIGHT, _pt(bottom - top),
        ),
        *(_reference(limit, _pt(y(limit)), width) for limit in (lo, hi) if limit is not None),
        format_html(
            '<polyline class="chart-line" points="{}"/>',
            " ".join(f"{_pt(x(i))},{_pt(y(value))}" for i, value in enumerate(values)),
        ),
    ]
    for i, (label, value) in enumerate(series):
        parts.append(
            format_html(
                '<circle class="chart-dot{}" cx="{}" cy="{}" r="{}"><title>{} {} {}</title></circle>',
                out(value), _pt(x(i)), _pt(y(value)), "4.5" if i == last else "3.2",
                label, f"{value:g}", unit,
            )
        )
        if i in {0, last} or len(series) <= FEW:
            parts.append(_text("chart-tick", x(i), height - 5, label))
    parts.append(
        _text(f"chart-last{out(values[-1])}", width - RIGHT, y(values[-1]) - 9, f"{values[-1]:g}", "end")
    )
    return _svg("chart", width, height, title, parts)


def spark(values: Sequence[float], *, tone: str = "brand", width: int = 84, height: int = 26) -> SafeString:
    """A trend beside a number that is also written: hidden from screen readers."""
    low, high = min(values), max(values)
    step, span = (width - 6) / max(1, len(values) - 1), (high - low) or 1
    points = [(2 + i * step, 3 + (high - v) * (height - 6) / span) for i, v in enumerate(values)]
    return format_html(
        '<svg class="spark spark--{}" viewBox="0 0 {} {}" aria-hidden="true">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2.6"/></svg>',
        tone, width, height, " ".join(f"{_pt(a)},{_pt(b)}" for a, b in points),
        _pt(points[-1][0]), _pt(points[-1][1]),
    )


def bars(series: Series, *, title: str = "", unit: str = "", width: int = 340, height: int = 120) -> SafeString:
    """Columns; the last and the highest carry their number."""
    most = max((value for _label, value in series), default=0) or 1
    step, floor = (width - 8) / max(1, len(series)), height - 20
    parts, last = [], len(series) - 1
    for i, (label, value) in enumerate(series):
        tall, middle = (floor - 16) * value / most, 4 + i * step + step / 2
        parts.append(
            format_html(
                '<rect class="chart-bar{}" x="{}" y="{}" width="{}" height="{}" rx="3">'
                "<title>{} {} {}</title></rect>",
                " is-last" if i == last else "", _pt(middle - step * 0.32), _pt(floor - tall),
                _pt(step * 0.64), _pt(tall), label, f"{value:g}", unit,
            )
        )
        if len(series) <= FEW or i % 3 == 0 or i == last:
            parts.append(_text("chart-tick", middle, height - 5, label))
        if i == last or value == most:
            parts.append(_text("chart-val", middle, floor - tall - 5, f"{value:g}"))
    return _svg("chart", width, height, title, parts)


def _bounds(values: Sequence[float], lo: float | None, hi: float | None) -> tuple[float, float]:
    known = [*values, *(limit for limit in (lo, hi) if limit is not None)]
    low, high = min(known), max(known)
    room = (high - low) * 0.18 or 1
    return low - room, high + room


def _within(value: float, lo: float | None, hi: float | None) -> bool:
    return (lo is None or value >= lo) and (hi is None or value <= hi)


def _reference(limit: float, y: str, width: int) -> SafeString:
    ruled = format_html('<line class="chart-ref" x1="{}" x2="{}" y1="{}" y2="{}"/>', LEFT, width - RIGHT, y, y)
    return ruled + _text("chart-tick", LEFT - 6, float(y) + 4, f"{limit:g}", "end")


def _text(kind: str, x: float, y: float, words: str, anchor: str = "middle") -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', kind, _pt(x), _pt(y), anchor, words)


def _svg(kind: str, width: int, height: int, title: str, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>{}</svg>',
        kind, width, height, title, title, format_html_join("", "{}", ((part,) for part in parts)),
    )


def _pt(value: float) -> str:
    return f"{value:.1f}"
