"""A trend as small as a word, beside a number that is also written."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from hospital.web.charts.drawing import element, points

WIDTH, HEIGHT = 84, 26


def sparkline(values: str | Sequence[float], tone: str = "brand") -> SafeString:
    """Of numbers, or of "4.2,4.4,5.1" in a template. Hidden from screen readers."""
    if isinstance(values, str):
        values = [float(value) for value in values.split(",")]
    low, high = min(values), max(values)
    step, span = (WIDTH - 6) / max(1, len(values) - 1), (high - low) or 1
    pairs = [(2 + i * step, 3 + (high - v) * (HEIGHT - 6) / span) for i, v in enumerate(values)]
    end = element("circle", cx=pairs[-1][0], cy=pairs[-1][1], r=2.6)
    line, box = element("polyline", points=points(pairs)), f"0 0 {WIDTH} {HEIGHT}"
    return element("svg", line, end, class_=f"spark spark--{tone}", viewBox=box, aria_hidden="true")
