"""The real platform, served from a database of its own, and a browser to look at it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings

from tests import databases
from tests.browser import people
from tests.browser.chromium import Chromium, path_of_chromium
from tests.browser.serving import served


@dataclass
class Platform:
    base: str
    cookies: dict[str, dict[str, str]]  # of people, by key

    def cookies_of(self, who: str | None) -> dict[str, str]:
        return self.cookies[who] if who else {}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    path = path_of_chromium()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, and there is no Chromium here.")
        pytest.skip("No Chromium here: pages were not looked at.")
    browser = Chromium(path)
    yield browser
    browser.stop()


@pytest.fixture(scope="session")
def platform(
    chromium: Chromium, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Platform]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name, before = f"browser_{worker}", settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        databases.make(name)
        try:
            cookies = people.everyone()
        finally:
            databases.point_at(before)
    with served(name, tmp_path_factory.mktemp("static")) as base:
        yield Platform(base, cookies)
    with django_db_blocker.unblock():
        databases.drop(name)


@pytest.fixture
def on_page(platform: Platform, chromium: Chromium) -> Callable[..., Any]:
    """`on_page("patient", work)`: run `work(page, seen)` with a page opened as this person."""
    from tests.browser.looking import opened  # noqa: PLC0415 - needs Playwright

    def run(
        who: str | None, work: Callable[..., Any], *, width: int = 390, height: int = 844
    ) -> Any:
        def in_thread(browser: Any) -> Any:
            with opened(browser, platform.base, platform.cookies_of(who), width, height) as both:
                return work(*both)

        return chromium.do(in_thread)

    return run
