"""What a careful visitor finds on one page: a plain record that tests can assert on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, ConsoleMessage, Page

ROOT: Final = Path(__file__).resolve().parent
SCREENS: Final = ROOT.parent.parent / "build" / "screens"
AXE: Final = (ROOT / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SETTLED: Final = 150  # milliseconds after load for fragments and fonts
LOOKING: Final = (ROOT / "looking.js").read_text(encoding="utf-8")


@dataclass
class Seen:
    status: int = 0
    address: str = ""
    axe: list[str] = field(default_factory=list)
    csp: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    overflow: int = 0  # pixels beyond a screen 320 pixels wide
    bytes: int = 0  # transferred on a first visit


@contextmanager
def opened(
    browser: Browser, base: str, cookies: dict[str, str], width: int, height: int, **more: Any
) -> Iterator[tuple[Page, Seen]]:
    """A fresh browser profile, signed in with `cookie`, watched for errors."""
    seen = Seen()
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=base, locale="en-US", **more
    )
    context.set_default_timeout(15_000)
    context.add_init_script(LOOKING)
    context.add_cookies([{"name": n, "value": v, "url": base} for n, v in cookies.items()])
    page = context.new_page()
    page.on("console", lambda said: _note(seen, said))
    page.on("pageerror", lambda error: seen.console.append(str(error)))
    try:
        yield page, seen
    finally:
        context.close()


def look(
    browser: Browser,
    base: str,
    cookies: dict[str, str],
    path: str,
    size: tuple[int, int],
    name: str,
    least: int,
) -> Seen:
    """Open a page as a person would, look at everything, keep a picture."""
    phone = size[0] < 600
    with opened(browser, base, cookies, *size, device_scale_factor=2 if phone else 1) as (
        page,
        seen,
    ):
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda e: _add(seen, e["encodedDataLength"]))
        answer = page.goto(path, wait_until="load")
        page.wait_for_timeout(SETTLED)
        seen.status, seen.address = answer.status if answer else 0, page.url.removeprefix(base)
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{name}-{size[0]}.png", full_page=phone)
        seen.csp, said = page.evaluate("looking.csp"), list(seen.console)
        page.evaluate(AXE)
        seen.axe = page.evaluate("rules => looking.axe(rules)", RULES)
        seen.small = page.evaluate("least => looking.small(least)", least) if least else []
        if phone:
            page.set_viewport_size({"width": 320, "height": 700})
            seen.overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        seen.console = said  # axe adds a style of its own, which the policy refuses
        return seen


def _add(seen: Seen, size: float) -> None:
    seen.bytes += int(size)


def _note(seen: Seen, said: ConsoleMessage) -> None:
    if said.type in {"error", "warning"}:
        seen.console.append(f"{said.text} {said.location.get('url', '')}")
