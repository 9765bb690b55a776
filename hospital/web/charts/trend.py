"""One laboratory value over time, over its reference band."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from hospital.web.charts.drawing import FEW, Series, chart, element, points, text

LEFT, RIGHT, TOP, BOTTOM = 34, 12, 14, 22


@dataclass(frozen=True)
class _Scale:
    """From values to places on the paper."""

    low: float
    high: float
    count: int
    width: int
    height: int

    def x(self, index: int) -> float:
        return LEFT + index * (self.width - LEFT - RIGHT) / max(1, self.count - 1)

    def y(self, value: float) -> float:
        return TOP + (self.high - value) * (self.height - TOP - BOTTOM) / (self.high - self.low)


def labchart(
    series: Series,
    *,
    lo: float | None = None,
    hi: float | None = None,
    unit: str = "",
    title: str = "",
    width: int = 340,
    height: int = 132,
) -> SafeString:
    """A line over the band [lo, hi], either of which may be open; points outside are hollow too."""
    known = [value for _label, value in series] + [v for v in (lo, hi) if v is not None]
    room = (max(known) - min(known)) * 0.18 or 1
    scale = _Scale(min(known) - room, max(known) + room, len(series), width, height)
    parts = [_band(scale, lo, hi)]
    parts += [_limit(scale, limit) for limit in (lo, hi) if limit is not None]
    pairs = [(scale.x(i), scale.y(value)) for i, (_label, value) in enumerate(series)]
    parts.append(element("polyline", class_="chart-line", points=points(pairs)))
    last = len(series) - 1
    for i, (label, value) in enumerate(series):
        out = " is-out" if _outside(value, lo, hi) else ""
        said = element("title", f"{label} {value:g} {unit}")
        radius, (x, y) = 4.5 if i == last else 3.2, pairs[i]
        parts.append(element("circle", said, class_=f"chart-dot{out}", cx=x, cy=y, r=radius))
        if i in {0, last} or len(series) <= FEW:
            parts.append(text(label, x, height - 5, "chart-tick"))
        if i == last:
            parts.append(text(f"{value:g}", width - RIGHT, y - 9, f"chart-last{out}", "end"))
    return chart(width, height, title, parts)


def _band(scale: _Scale, lo: float | None, hi: float | None) -> SafeString:
    top = scale.y(scale.high if hi is None else hi)
    bottom = scale.y(scale.low if lo is None else lo)
    wide = scale.width - LEFT - RIGHT
    return element(
        "rect", class_="chart-band", x=LEFT, y=top, width=wide, height=bottom - top, rx=3
    )


def _limit(scale: _Scale, limit: float) -> SafeString:
    y = scale.y(limit)
    ruled = element("line", class_="chart-ref", x1=LEFT, x2=scale.width - RIGHT, y1=y, y2=y)
    return SafeString(ruled + text(f"{limit:g}", LEFT - 6, y + 4, "chart-tick", "end"))


def _outside(value: float, lo: float | None, hi: float | None) -> bool:
    return (lo is not None and value < lo) or (hi is not None and value > hi)
