"""Both sides of a consultation in real browsers, over a real socket."""

import os

import pytest
from django.conf import settings

from tests import databases
from tests.browser import people
from tests.browser.looking import AXE, RULES, SCREENS, look, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE, DESK = (390, 844), (1440, 900)


@pytest.fixture(scope="module")
def stage(platform, django_db_blocker):
    """王秀兰 talks with 陈思远, 赵建民 waits; everyone's cookies and the addresses."""
    name = f"browser_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        databases.point_at(name)
        try:
            return _play()
        finally:
            databases.point_at(before)


def _play():
    from datetime import date  # noqa: PLC0415 - needs the apps

    from hospital.kernel.clock import database_now  # noqa: PLC0415
    from tests import consulting, make  # noqa: PLC0415

    at = database_now()
    doctor = make.doctor(at=at)
    make.doctor("zhouruolan", "周若兰", title="associate_chief", price_fen=6000, at=at)
    doctor.good_at = "高血压、冠心病、心力衰竭的长期管理与用药调整，支架术后随访"
    doctor.reply_minutes = 25
    doctor.save()
    user, patient = consulting.wang(at=at)
    talk = consulting.in_state("open", user, patient, doctor, at=at)
    consulting.said(talk, user, "陈医生您好，我的血压药快吃完了。最近三天早上起来有点头晕。", at=at)
    consulting.said(talk, doctor.user, "您好。头晕多在早上起床时出现吗？", at=at)
    zhao = consulting.account("13800006621", "赵建民")
    who = consulting.person(
        "赵建民", "13800006621", date(1972, 3, 9), ("I10", "原发性高血压", 20), at=at
    )
    waiting = consulting.in_state(
        "waiting", zhao, consulting.known(zhao, who, at=at), doctor, at=at
    )
    qian = consulting.account("13800006626", "钱多多")
    consulting.known(
        qian, consulting.person("钱多多", "13800006626", date(1990, 2, 2), at=at), at=at
    )
    consulting.verified(doctor, at=at)
    return {
        "doctor": {"sid": people._session(doctor.user)},
        "wang": {"sid": people._session(user)},
        "zhao": {"sid": people._session(zhao)},
        "qian": {"sid": people._session(qian)},
        "talk": str(talk.public_id),
        "waiting": str(waiting.public_id),
        "chen": str(doctor.public_id),
    }


def glance(page, seen, name):
    """What a careful visitor would mind on a page that is open already."""
    page.wait_for_timeout(400)
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png")
    assert (page.evaluate("looking.csp"), seen.console) == ([], [])
    page.evaluate(AXE)
    assert page.evaluate("rules => looking.axe(rules)", RULES) == []


PAGES = [
    ("qian", "/departments/"),
    ("qian", "/doctors/"),
    ("qian", "/doctors/?q=csy"),
    ("qian", "/doctors/{chen}/"),
    ("qian", "/consult/new/?doctor={chen}&kind=followup"),
    ("qian", "/consult/new/?doctor={chen}&kind=advice"),
    ("wang", "/consult/new/?doctor={chen}&kind=followup"),
    ("wang", "/consultations/"),
    ("wang", "/consultations/{talk}/"),
    ("zhao", "/consultations/{waiting}/"),
    ("wang", "/"),
]
WORK = ["/doctor/work/", "/doctor/work/{talk}/", "/doctor/work/{waiting}/", "/doctor/"]


def name_of(who, path):
    place = path.replace("{", "").replace("}", "").strip("/").replace("/", "-") or "home"
    return f"consult-{who}-{place.replace('?', '-').replace('&', '-').replace('=', '-')}"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(("who", "path"), PAGES + [("doctor", path) for path in WORK])
def test_a_page_is_sound(stage, platform, chromium, who, path, size):
    touched = 44 if who != "doctor" and size == PHONE else 0
    address = path.format(**stage)
    seen = chromium.do(look, platform.base, stage[who], address, size, name_of(who, path), touched)
    assert (seen.status, seen.address) == (200, address)
    assert [*seen.axe, *seen.csp, *seen.console, *seen.small] == []
    assert seen.overflow <= 0


def test_what_one_writes_the_other_reads(stage, platform, chromium):
    def talk(browser):
        here = f"/consultations/{stage['talk']}/"
        there = f"/doctor/work/{stage['talk']}/"
        with (
            opened(browser, platform.base, stage["wang"], *PHONE) as (patient, seen),
            opened(browser, platform.base, stage["doctor"], *DESK) as (doctor, theirs),
        ):
            patient.goto(here)
            doctor.goto(there)
            patient.wait_for_timeout(500)
            patient.fill("textarea[name=text]", "<i>药可以寄到家里吗？</i>")
            patient.click(".composer .send")
            doctor.wait_for_selector("text=<i>药可以寄到家里吗？</i>")
            patient.wait_for_selector(".msg--me:has-text('药可以寄到家里') >> text=已读")
            doctor.fill(".composer textarea", "可以，开好后选配送。")
            doctor.press(".composer textarea", "Enter")
            patient.wait_for_selector(".msg:not(.msg--me) >> text=可以，开好后选配送。")
            mine = patient.locator(".msg", has_text="药可以寄到家里吗")
            assert mine.count() == 1
            glance(patient, seen, "consult-live-390")
            glance(doctor, theirs, "consult-live-1440")

    chromium.do(talk)


def test_without_a_network_it_says_so_and_sends_again_once(stage, platform, chromium):
    def lose(browser):
        here = f"/consultations/{stage['talk']}/"
        with opened(browser, platform.base, stage["wang"], *PHONE) as (page, _seen):
            page.goto(here)
            page.wait_for_timeout(500)
            page.context.set_offline(True)
            page.evaluate("document.querySelector('#log').dataset.test = 'same page'")
            page.fill("textarea[name=text]", "断网时写的话")
            page.click(".composer .send")
            page.wait_for_selector("text=没有发出去", timeout=25_000)
            page.screenshot(path=SCREENS / "consult-offline-390.png")
            page.context.set_offline(False)
            # the socket may have carried it after all, and then the button is gone already
            page.evaluate("document.querySelector('.is-failed button')?.click()")
            page.wait_for_selector(".is-failed", state="detached")
            page.wait_for_timeout(1500)
            assert page.locator(".msg", has_text="断网时写的话").count() == 1
            page.reload()
            assert page.locator(".msg", has_text="断网时写的话").count() == 1

    chromium.do(lose)
