"""The system's Chromium, driven from a thread of its own.

Playwright's synchronous calls run an event loop in their thread, and Django refuses the database
to a thread with a running loop; so no test ever shares a thread with the browser.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, sync_playwright

PATHS: Final = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FLAGS: Final = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-quic",
]  # fmt: skip


def path_of_chromium() -> str | None:
    return next((path for path in PATHS if Path(path).exists()), None)


class Chromium:
    def __init__(self, path: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chromium")
        self._thread.submit(self._start, path).result()

    def _start(self, path: str) -> None:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=path, args=FLAGS)

    def do(self, work: Callable[..., Any], *args: Any, seconds: float = 120) -> Any:
        """Run `work(browser, *args)` in the browser's thread; it returns plain data."""
        return self._thread.submit(work, self._browser, *args).result(timeout=seconds)

    def stop(self) -> None:
        def close(browser: Browser) -> None:
            browser.close()
            self._playwright.stop()

        self._thread.submit(close, self._browser).result()
        self._thread.shutdown()
