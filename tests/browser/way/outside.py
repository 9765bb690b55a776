"""The outside world as the simulators' pages show it: texts, codes, the courier, inspectors."""

import re
import secrets
from dataclasses import dataclass
from typing import Any, Final

import httpx
from playwright.sync_api import Page, expect

LONG: Final = 60_000  # milliseconds; what waits for the beat


@dataclass
class Outside:
    base: str
    page: Page

    def newcomer(self, **wish: Any) -> dict[str, Any]:
        """Somebody the hospital has seen before, with a phone of their own. Made by its control."""
        known = {"phone": f"19{secrets.randbelow(10**9):09d}", "labs": True} | wish
        return known | self._control("/control/his/patients", known)

    def code_texted_to(self, phone: str) -> str:
        """As the phone's owner reads it."""
        self.page.goto(f"{self.base}/sms/?phone={phone}")
        newest = self.page.locator("tbody tr td").nth(2).inner_text()
        found = re.search(r"\d{6}", newest)
        assert found, newest
        return found.group()

    def login_of(self, name: str) -> tuple[str, str, str]:
        """Account, password and dynamic code of this moment, from the front page."""
        self.page.goto(self.base)
        row = self.page.get_by_role("row").filter(has=self.page.get_by_text(name, exact=True))
        username, password, code = row.inner_text().split("\t")[2:5]
        return username, password, code

    def deliver(self, waybill: str) -> None:
        """The courier's own act."""
        self._control("/control/courier/advance", {"waybill": waybill, "to": "delivered"})

    def _control(self, door: str, wish: dict[str, Any]) -> dict[str, Any]:
        answer = httpx.post(f"{self.base}{door}", json=wish, timeout=30, trust_env=False)
        return dict(answer.raise_for_status().json())

    def inspect(self, visit: str) -> Page:
        """The supervision platform's page of one visit, once its last message has arrived."""
        self.page.goto(f"{self.base}/regulator/?stream={visit}")
        last = self.page.get_by_role("cell", name="评价", exact=True)
        expect(last).to_be_visible(timeout=LONG)
        return self.page
