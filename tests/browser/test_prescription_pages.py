"""The pages of one prescription, with something on them: from the drawer to the sheet."""

import pytest

from tests.browser.looking import SCREENS, look, opened
from tests.browser.serving import staged

pytestmark = pytest.mark.browser
PHONE, DESK = (390, 844), (1440, 900)


class Stage:
    """A platform on which one prescription of each kind waits for somebody."""

    def __init__(self) -> None:
        from hospital.kernel.clock import database_now  # noqa: PLC0415 - needs the apps
        from patients import services as patients  # noqa: PLC0415
        from prescriptions import services  # noqa: PLC0415
        from tests import make, prescribing  # noqa: PLC0415

        at = database_now()
        cast = prescribing.cast(at=at)
        other = prescribing.another_patient(cast, at=at)
        otp = prescribing.otp_of(cast.doctor, at)
        paid = prescribing.dispensed(cast, mode="courier", at=at)
        waiting = prescribing.draft(
            other,
            prescribing.line(dose="15"),
            prescribing.line(prescribing.VALSARTAN, "80"),
            at=at,
            reason="顽固性高血压，已向患者说明风险，三天后复查血压。",
        )
        services.sign(waiting, by=cast.doctor.user, at=at, otp=otp)
        ready = prescribing.approved(cast, prescribing.line(prescribing.VALSARTAN, "80"), at=at)
        told = [{"to": "磺胺类", "reaction": "mild"}]
        patients.set_health(cast.patient, by=cast.user, at=at, allergies=told)
        prescribing.draft(
            cast,
            prescribing.line("琥珀酸美托洛尔缓释片 47.5mg", "47.5"),
            prescribing.line(prescribing.ALPRAZOLAM, "0.4", frequency="qn"),
            at=at,
        )
        people = {
            "doctor": cast.doctor.user, "pharmacist": cast.pharmacist.user, "patient": cast.user,
        }  # fmt: skip
        self.cookies = {
            who: {"sid": make.sitting_of(user).cookies["sid"].value} for who, user in people.items()
        }
        one, sent = ready.public_id, paid.public_id
        self.pages = {
            "rx-drawer": ("doctor", f"/prescribe/{cast.visit.public_id}/"),
            "rx-written": ("doctor", "/doctor/prescriptions/"),
            "rx-review": ("pharmacist", f"/review/{waiting.public_id}/"),
            "rx-dispensary": ("pharmacist", "/dispense/"),
            "rx-dispense": ("pharmacist", f"/dispense/{sent}/"),
            "rx-list": ("patient", "/prescriptions/"),
            "rx-one": ("patient", f"/prescriptions/{sent}/"),
            "rx-order": ("patient", f"/prescriptions/{one}/order/"),
            "rx-print": ("patient", f"/prescriptions/{sent}/print/"),
        }


PAGES = (
    "rx-drawer", "rx-written", "rx-review", "rx-dispensary", "rx-dispense", "rx-list", "rx-one",
    "rx-order", "rx-print",
)  # fmt: skip


@pytest.fixture(scope="module")
def stage(chromium, django_db_setup, django_db_blocker, tmp_path_factory):
    static = tmp_path_factory.mktemp("static")
    with staged("rx", Stage, django_db_blocker, static) as stage:
        yield stage


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_a_prescription_is_sound(stage, chromium, page, size):
    who, path = stage.pages[page]
    least = 44 if who == "patient" and size == PHONE else 0
    seen = chromium.do(look, stage.base, stage.cookies[who], path, size, page, least)
    assert (seen.status, seen.address) == (200, path)
    assert seen.axe == []
    assert seen.csp == []
    assert seen.console == []
    assert seen.small == []
    assert seen.overflow <= 0


def test_the_rules_speak_while_one_types_and_nothing_typed_is_lost(stage, chromium):
    def work(browser):
        path = stage.pages["rx-drawer"][1]
        with opened(browser, stage.base, stage.cookies["doctor"], *DESK) as (page, seen):
            page.goto(path)
            page.fill("#rx-dose0", "4750")
            page.press("#rx-dose0", "Tab")
            page.wait_for_selector("#rx-f0 .finding--danger")
            page.fill("#rx-dose0", "47.5")
            page.press("#rx-dose0", "Tab")
            page.wait_for_selector("#rx-f0 .finding", state="detached")
            page.fill("#rx-q", "xst")
            page.wait_for_selector("#rx-found .rx-hit")
            typed = page.input_value("#rx-dose0")
            page.screenshot(path=SCREENS / "rx-drawer-typing-1440.png", caret="initial")
            page.click("button[value='remove:1']")
            page.wait_for_selector("#rx-f1", state="detached")
            page.wait_for_selector(".rulebar .chip--danger", state="detached")
            page.fill("#rx-days0", "5")
            page.press("#rx-days0", "Tab")
            page.wait_for_timeout(800)  # the asking after a button must not press it again
            assert page.locator("[name=drug]").count() == 1
            return typed, seen.console

    typed, console = chromium.do(work)
    assert (typed, console) == ("47.5", [])


def test_a_letter_approves_nothing_while_typing_and_asks_first_where_a_reason_carries_it(
    stage, chromium
):
    def work(browser):
        path = stage.pages["rx-review"][1]
        with opened(browser, stage.base, stage.cookies["pharmacist"], *DESK) as (page, _seen):
            page.goto(path)
            page.focus("#note")
            page.keyboard.type("axr")
            typed = page.input_value("#note")
            page.locator("h2").first.click()
            page.keyboard.press("?")
            helped = page.locator("#keys").evaluate("d => d.open")
            page.keyboard.press("Escape")
            page.wait_for_selector("#keys", state="hidden")
            page.keyboard.press("a")
            page.wait_for_selector("#confirm[open]")
            asked = True
            return typed, helped, asked, page.url

    typed, helped, asked, address = chromium.do(work)
    assert (typed, helped, asked) == ("axr", True, True)
    assert address.endswith(stage.pages["rx-review"][1])


def test_the_sheet_fits_one_page_of_a5(stage, chromium):
    def work(browser):
        path = stage.pages["rx-print"][1]
        with opened(browser, stage.base, stage.cookies["patient"], *PHONE) as (page, _seen):
            page.goto(path)
            return page.pdf(prefer_css_page_size=True)

    pdf = chromium.do(work)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 1
