"""The one inbox of the back office: its list, requests of every kind, a decision that came late."""

from datetime import timedelta

import pytest

from hospital.kernel.calendar import local_date
from tests.browser.looking import look, opened
from tests.browser.serving import staged

pytestmark = pytest.mark.browser
PHONE, DESK = (390, 844), (1440, 900)


class Stage:
    """A renewal beside the licence in force, a break-glass look, a correction, a training."""

    def __init__(self) -> None:
        from doctors import services as doctors  # noqa: PLC0415 - needs the apps
        from hospital.kernel.clock import database_now  # noqa: PLC0415
        from patients import services as patients  # noqa: PLC0415
        from tests import consulting, letting_in, make  # noqa: PLC0415

        at = database_now()
        user, patient = consulting.wang(at=at)
        doctor = make.doctor("zhouruolan", "周若兰", at=at)
        by, first = make.medical_affairs(), make.staff("yiwu1", "medical_affairs", name="李一")
        trained = {
            "kind": "assessment",
            "topic": "互联网诊疗规范",
            "on": local_date(at),
            "score": 92,
        }
        doctors.record_training(doctor, **trained, is_passed=True, by=by, at=at)
        self.renewal = self._handed_in(doctor, "全科医学专业", at)
        new = make.clinician(
            "wutong", "吴桐", kind="doctor", department="内分泌科", title="attending", at=at
        )
        gone = doctors.refuse(
            self._handed_in(new, "内科专业", at), why="照片不清楚", by=first, at=at
        )
        earlier = at - timedelta(hours=3)
        glass = letting_in.over(patient, make.doctor("hanlei", "韩磊", at=at), at=earlier)
        wrong = patients.ask_correction(patient, what="既往史写错了", by=user, at=at)
        sittings = {"affairs": by, "finance": make.staff("caiwu", "finance"), "doctor": doctor.user}
        self.cookies = {
            who: {"sid": make.sitting_of(each).cookies["sid"].value}
            for who, each in sittings.items()
        }
        self.pages = {
            "inbox-list": ("affairs", "/admin/inbox/"),
            "inbox-empty": ("finance", "/admin/inbox/"),
            "inbox-credential": ("affairs", f"/admin/inbox/credential/{self.renewal.public_id}/"),
            "inbox-late": ("affairs", f"/admin/inbox/credential/{gone.public_id}/"),
            "inbox-glass": ("affairs", f"/admin/inbox/glass/{glass.public_id}/"),
            "inbox-correction": ("affairs", f"/admin/inbox/correction/{wrong.public_id}/"),
            "inbox-training": ("affairs", "/admin/doctors/training/new/"),
            "inbox-own-training": ("doctor", "/doctor/training/"),
        }

    def _handed_in(self, who, scope, at):
        from doctors import services  # noqa: PLC0415 - needs the apps
        from tests import make  # noqa: PLC0415

        return services.submit_credential(
            who,
            **make.certificates(who),
            institution="示范大学第三医院",
            scope=scope,
            independent_since=local_date(at) - timedelta(days=2000),
            valid_until=local_date(at) + timedelta(days=1000),
            by=who.user,
            at=at,
        )


PAGES = (
    "inbox-list",
    "inbox-empty",
    "inbox-credential",
    "inbox-late",
    "inbox-glass",
    "inbox-correction",
    "inbox-training",
    "inbox-own-training",
)


@pytest.fixture(scope="module")
def stage(chromium, django_db_setup, django_db_blocker, tmp_path_factory):
    static = tmp_path_factory.mktemp("static")
    with staged("inbox", Stage, django_db_blocker, static) as stage:
        yield stage


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_inbox_is_sound(stage, chromium, page, size):
    who, path = stage.pages[page]
    seen = chromium.do(look, stage.base, stage.cookies[who], path, size, page, 0)
    assert seen.status == 200
    assert seen.axe == []
    assert seen.csp == []
    assert seen.console == []
    assert seen.overflow <= 0


def by_keyboard(browser, base, cookies, path):
    """A digit leads to a decision and sends nothing; a letter in a field is only a letter."""
    with opened(browser, base, cookies, *DESK) as (page, _seen):
        page.goto(path, wait_until="load")
        page.keyboard.press("2")
        reason = page.locator("textarea[name=refuse-why]")
        focused = reason.evaluate("field => field === document.activeElement")
        page.keyboard.type("j1 不清楚")
        typed, stayed = reason.input_value(), page.url.endswith(path)
        page.locator("h1").click()
        page.keyboard.press("j")
        page.wait_for_url(lambda url: not url.endswith(path))
        return focused, typed, stayed


def test_the_keyboard_leads_to_a_decision_and_never_takes_one(stage, chromium):
    _who, path = stage.pages["inbox-credential"]
    seen = chromium.do(by_keyboard, stage.base, stage.cookies["affairs"], path)
    assert seen == (True, "j1 不清楚", True)


def places(browser, base, cookies, path, size):
    with opened(browser, base, cookies, *size) as (page, _seen):
        page.goto(path, wait_until="load")
        facts = page.locator(".desk__facts").bounding_box()
        papers = page.locator(".desk__papers").bounding_box()
        return facts, papers


def test_papers_stand_beside_the_facts_and_on_a_phone_under_them(stage, chromium):
    _who, path = stage.pages["inbox-credential"]
    cookies = stage.cookies["affairs"]
    facts, papers = chromium.do(places, stage.base, cookies, path, DESK)
    assert papers["x"] >= facts["x"] + facts["width"]
    assert papers["y"] == facts["y"]
    facts, papers = chromium.do(places, stage.base, cookies, path, PHONE)
    assert papers["y"] >= facts["y"] + facts["height"]
