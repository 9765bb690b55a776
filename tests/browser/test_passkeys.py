"""A passkey in a real browser: added, signed in with, proved oneself with, taken away again."""

import os

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests import databases
from tests.browser import people
from tests.browser.looking import opened

pytestmark = pytest.mark.browser
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def fresh(platform, django_db_blocker):
    """The cookie of a session that began just now; adding a passkey asks for that."""
    before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        databases.point_at(f"browser_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
        try:
            return {"sid": people.session_of("nameless")}
        finally:
            databases.point_at(before)


def test_a_patient_adds_a_passkey_signs_in_with_it_and_proves_themselves(platform, chromium, fresh):
    base = platform.base.replace("127.0.0.1", "localhost")

    def work(browser):
        with opened(browser, base, fresh, 390, 844) as (page, seen):
            devices = page.context.new_cdp_session(page)
            devices.send("WebAuthn.enable")
            devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

            page.goto("/me/sign-in-methods/")
            page.get_by_label("给它起个名字").fill("测试手机")
            page.get_by_role("button", name="添加通行密钥").click()
            expect(page.locator("main")).to_contain_text("测试手机")

            page.goto("/me/verify/?next=/me/sittings/")
            page.get_by_role("button", name="用通行密钥核验").click()
            page.wait_for_url("**/me/sittings/")

            page.goto("about:blank")  # a page that loses its sitting walks to the door by itself
            page.context.clear_cookies()
            page.goto("/sign-in/?next=/me/sign-in-methods/")
            page.get_by_role("button", name="用通行密钥登录").click()
            page.wait_for_url("**/me/sign-in-methods/")

            page.get_by_role("button", name="删除测试手机").click()
            expect(page.locator("main")).to_contain_text("还没有通行密钥")
            return seen.console, seen.csp

    console, csp = chromium.do(work)
    assert csp == []
    assert console == []


def test_the_link_of_an_activation_leaves_no_token_in_any_address(platform, chromium):
    """It stands behind the `#`; the script moves it into the form and wipes it."""

    def work(browser):
        with opened(browser, platform.base, {}, 390, 844) as (page, _seen):
            asked = []
            page.on("request", lambda request: asked.append(request.url))
            page.goto("/activate/#the-token")
            expect(page.locator("[data-from-hash]")).to_have_value("the-token")
            return page.url, asked

    address, asked = chromium.do(work)
    assert "the-token" not in address
    assert not [each for each in asked if "the-token" in each.partition("#")[0]]
