"""The pencil: SVG elements with every value escaped."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Series = Sequence[tuple[str, float]]
FEW = 6  # up to so many points, each gets its label


def element(name: str, *children: object, **attributes: object) -> SafeString:
    """`element("rect", class_="bar", x=3.14)`; numbers get one decimal, `_` becomes `-`."""
    said = format_html_join("", ' {}="{}"', ((_name(k), _value(v)) for k, v in attributes.items()))
    inside = format_html_join("", "{}", ((child,) for child in children))
    return format_html("<{0}{1}>{2}</{0}>", SafeString(name), said, inside)


def text(words: str, x: float, y: float, kind: str, anchor: str = "middle") -> SafeString:
    return element("text", words, class_=kind, x=x, y=y, text_anchor=anchor)


def chart(width: int, height: int, title: str, parts: Sequence[SafeString]) -> SafeString:
    """A picture with a name: `title` is what a screen reader says."""
    name = element("title", title)
    box = f"0 0 {width} {height}"
    return element("svg", name, *parts, class_="chart", viewBox=box, role="img", aria_label=title)


def points(pairs: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pairs)


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: object) -> object:
    return f"{value:.1f}" if isinstance(value, float) else value
