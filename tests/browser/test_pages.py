"""Every page, on a phone and on a desk: accessible, quiet, within its policy and its screen."""

import re

import httpx
import pytest

from tests.browser.looking import look
from tests.browser.walk import PAGES, REFUSED, TOUCHED, name_of

pytestmark = pytest.mark.browser
PHONE, DESK = (390, 844), (1440, 900)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(("who", "path"), PAGES, ids=[name_of(*page) for page in PAGES])
def test_a_page_is_sound(platform, chromium, who, path, size):
    least = (60 if who == "elder" else 44) if who in TOUCHED and size == PHONE else 0
    cookies = platform.cookies_of(who)
    seen = chromium.do(look, platform.base, cookies, path, size, name_of(who, path), least)
    status = REFUSED.get((who, path), 200)
    errors = [line for line in seen.console if f"status of {status}" not in line or status == 200]
    assert (seen.status, seen.address) == (status, path)
    assert seen.axe == []
    assert seen.csp == []
    assert errors == []
    assert seen.small == []
    assert seen.overflow <= 0


def test_the_patients_first_page_is_light(platform, chromium):
    seen = chromium.do(look, platform.base, platform.cookies_of("patient"), "/", PHONE, "light", 0)
    assert seen.bytes <= 60 * 1024


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("who", [None, "english"])
def test_the_page_of_a_doctor_is_sound_and_light(platform, chromium, who, size):
    listed = httpx.get(f"{platform.base}/doctors/", trust_env=False).text
    path = re.search(r"/doctors/[0-9a-f-]{36}/", listed).group()
    cookies = platform.cookies_of(who)
    least = 44 if size == PHONE else 0
    seen = chromium.do(look, platform.base, cookies, path, size, f"doctor-{who}", least)
    assert seen.status == 200
    assert (seen.axe, seen.csp, seen.console, seen.small) == ([], [], [], [])
    assert seen.overflow <= 0
    assert 0 < seen.bytes <= 60 * 1024


@pytest.mark.parametrize("path", ["/departments/", "/doctors/", "/staff/"])
def test_the_public_pages_are_light(platform, chromium, path):
    seen = chromium.do(look, platform.base, {}, path, PHONE, "light", 0)
    assert 0 < seen.bytes <= 60 * 1024
