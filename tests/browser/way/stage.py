"""The browsers of those who take part, and a numbered picture of what they see."""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browser.looking import SCREENS

PATIENCE: Final = 30_000  # milliseconds; a busy machine is no failure
LOOKS: Final = 20
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESK: Final[dict[str, Any]] = {"viewport": {"width": 1440, "height": 900}}
expect.set_options(timeout=PATIENCE)


@dataclass
class Stage:
    """Where one story is played. Its pictures lie in `build/screens/journey/<story>/`."""

    browser: Browser
    base: str
    story: str
    complaints: list[str] = field(default_factory=list)  # what consoles said
    pages: list[Page] = field(default_factory=list)
    taken: int = 0
    keeps: bool = True  # pictures; not while a story only repeats what another one shows

    @property
    def folder(self) -> Path:
        return SCREENS / "journey" / self.story

    def phone(self) -> Page:
        return self._page(PHONE)

    def desk(self) -> Page:
        return self._page(DESK)

    def _page(self, screen: dict[str, Any]) -> Page:
        context = self.browser.new_context(base_url=self.base, locale="zh-CN", **screen)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        self.pages.append(page)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def keep(self, page: Page, what: str) -> None:
        """A picture of the whole page on a phone, of the screen on a desk."""
        if not self.keeps:
            return
        self.taken += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{self.taken:02d}-{what}.png"
        page.wait_for_load_state()
        size = page.viewport_size
        assert size
        if size["width"] == PHONE["viewport"]["width"]:  # as if the phone were as long as the page
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
        page.screenshot(path=path, animations="disabled", caret="initial")
        page.set_viewport_size(size)

    def until(self, page: Page, wanted: Locator) -> None:
        """Look again and again, as somebody does who waits for news."""
        for _look in range(LOOKS):
            if wanted.is_visible():
                return
            with suppress(AssertionError):
                expect(wanted).to_be_visible(timeout=PATIENCE / LOOKS)
                return
            page.reload()
        expect(wanted).to_be_visible()

    def close(self, *, failed: bool = False) -> None:
        for number, page in enumerate(self.pages):
            if failed:
                page.screenshot(path=self.folder / f"failed-{number}.png")
            page.context.close()

    def _heard(self, said: ConsoleMessage) -> None:
        refused = "status of 4" in said.text  # a refusal is an answer
        if said.type in {"error", "warning"} and not refused:
            self.complaints.append(f"{said.text} {said.location.get('url', '')}")
