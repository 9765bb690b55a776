"""The one HTML shell of the simulated world, and the few shapes its pages are made of."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

STYLE = Path(__file__).with_name("static") / "simulators.css"

# No form-action: a paid cashier form redirects to the platform's own origin.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'",
    "Cache-Control": "no-store",
}

_SHELL = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{refresh}<title>{title} · 模拟外部系统</title>
<link rel="stylesheet" href="/simulators.css">
</head>
<body>
<header><a href="/">模拟外部系统</a><span>仅供演示与测试，数据均为虚构</span></header>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


class Markup(str):
    """HTML that we wrote ourselves; everything else is escaped before it stands on a page."""

    __slots__ = ()


def safe(value: object) -> str:
    return value if isinstance(value, Markup) else escape(str(value))


def tag(name: str, content: object, kind: str = "") -> Markup:
    opening = f'{name} class="{escape(kind)}"' if kind else name
    return Markup(f"<{opening}>{safe(content)}</{name}>")


def link(address: str, text: object) -> Markup:
    return Markup(f'<a href="{escape(address)}">{safe(text)}</a>')


def join(parts: Iterable[object]) -> Markup:
    return Markup("\n".join(safe(part) for part in parts))


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> Markup:
    """Each cell carries its heading, so that a phone can show a row as a card."""
    lines = [
        "".join(
            f'<td data-heading="{escape(heading)}">{safe(cell)}</td>'
            for heading, cell in zip(headings, row, strict=True)
        )
        for row in rows
    ]
    if not lines:
        return tag("p", empty, "empty")
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return Markup(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def page(title: str, *parts: object, refresh: int = 0, status: int = 200) -> Response:
    again = f'<meta http-equiv="refresh" content="{refresh}">\n' if refresh else ""
    html = _SHELL.format(title=escape(title), body=join(parts), refresh=again)
    return HTMLResponse(html, status, HEADERS)


async def _style(_request: object) -> Response:
    return Response(STYLE.read_bytes(), media_type="text/css")


style_route = Route("/simulators.css", _style, methods=["GET"])
