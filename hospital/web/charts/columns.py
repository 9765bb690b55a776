"""Numbers side by side, such as cases for each day."""

from django.utils.safestring import SafeString

from hospital.web.charts.drawing import FEW, Series, chart, element, text

EDGE, TOP, BOTTOM = 4, 16, 20


def bars(
    series: Series, *, title: str = "", unit: str = "", width: int = 340, height: int = 120
) -> SafeString:
    """Columns; the last and the highest carry their number."""
    most = max((value for _label, value in series), default=0) or 1
    step, floor = (width - 2 * EDGE) / max(1, len(series)), height - BOTTOM
    parts, last = [], len(series) - 1
    for i, (label, value) in enumerate(series):
        tall, middle = (floor - TOP) * value / most, EDGE + i * step + step / 2
        said = element("title", f"{label} {value:g} {unit}")
        kind = "chart-bar is-last" if i == last else "chart-bar"
        place = {"x": middle - step * 0.32, "y": floor - tall, "width": step * 0.64}
        parts.append(element("rect", said, class_=kind, **place, height=tall, rx=3))
        if len(series) <= FEW or i % 3 == 0 or i == last:
            parts.append(text(label, middle, height - 5, "chart-tick"))
        if i == last or value == most:
            parts.append(text(f"{value:g}", middle, floor - tall - 5, "chart-val"))
    return chart(width, height, title, parts)
