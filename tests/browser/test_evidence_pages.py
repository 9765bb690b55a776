"""外院病历 as it is seen: handed in, in each of its states, judged; and may I be seen online."""

from datetime import date, timedelta

import pytest
from django.conf import settings

from tests.browser.looking import look
from tests.browser.serving import staged

pytestmark = pytest.mark.browser
PHONE, DESK = (390, 844), (1440, 900)


class Stage:
    """张华, never seen here, with papers in each state; a doctor who treats 王秀兰."""

    def __init__(self, media) -> None:
        from hospital.kernel.clock import database_now  # noqa: PLC0415 - needs the apps
        from patients import services  # noqa: PLC0415
        from tests import consulting, make, papers  # noqa: PLC0415

        at = database_now()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "MEDIA_ROOT", media)
            who = consulting.person("张华", "13800006640", date(1969, 5, 4), at=at)
            zhang = consulting.account("13800006640", "张华")
            patient = consulting.known(zhang, who, at=at)
            doctor = make.doctor(at=at)
            wang, hers = consulting.wang(at=at)
            visit = consulting.in_state("open", wang, hers, doctor, at=at)
            refused = papers.handed_in(zhang, patient, at=at)
            services.refuse_evidence(refused, why="看不清日期，请重新拍。", by=doctor.user, at=at)
            services.withdraw_evidence(papers.handed_in(zhang, patient, at=at), by=zhang, at=at)
            both = [papers.picture(), papers.pdf()]
            waiting = papers.handed_in(zhang, patient, uploads=both, note="去年开始", at=at)
            good = papers.confirmed(papers.handed_in(wang, hers, at=at), doctor, at=at)
            said = {"first": "I10", "second": "I25.1", "why": "同一次住院，编码不同"}
            services.name_one_disease(hers, by=doctor.user, at=at - timedelta(minutes=1), **said)
        office = make.staff("office-1", "outpatient_office", at=at)
        people = {"zhang": zhang, "wang": wang, "doctor": doctor.user, "office": office}
        browsers = {name: make.sitting_of(each) for name, each in people.items()}
        self.cookies = {name: {"sid": b.cookies["sid"].value} for name, b in browsers.items()}
        here = f"/me/patients/{patient.public_id}/papers/"
        self.pages = {
            "papers": ("zhang", here),
            "paper-new": ("zhang", f"{here}new/?department={doctor.department.code}"),
            "papers-good": ("wang", f"/me/patients/{hers.public_id}/papers/"),
            "check-no": ("zhang", f"/consult/check/?doctor={doctor.public_id}"),
            "check-yes": ("wang", f"/consult/check/?doctor={doctor.public_id}"),
            "new-no": ("zhang", f"/consult/new/?doctor={doctor.public_id}&kind=followup"),
            "reviews": ("doctor", "/doctor/papers/"),
            "review": ("doctor", f"/doctor/papers/{waiting.public_id}/"),
            "review-done": ("doctor", f"/doctor/papers/{good.public_id}/"),
            "diseases": ("doctor", f"/record/{hers.public_id}/diseases/"),
            "record": ("doctor", f"/record/{hers.public_id}/"),
            "contact": ("doctor", f"/record/{hers.public_id}/contact/"),
            "work": ("doctor", f"/doctor/work/{visit.public_id}/"),
            "inbox": ("office", f"/admin/inbox/evidence/{waiting.public_id}/"),
            "table": ("office", "/admin/patients/evidence/"),
            "row": ("office", f"/admin/patients/evidence/{waiting.pk}/change/"),
            "step": ("office", f"/admin/patients/evidence/{waiting.pk}/confirm/"),
        }


PAGES = (
    "papers",
    "paper-new",
    "papers-good",
    "check-no",
    "check-yes",
    "new-no",
    "reviews",
    "review",
    "review-done",
    "diseases",
    "record",
    "contact",
    "work",
    "inbox",
    "table",
    "row",
    "step",
)


@pytest.fixture(scope="module")
def stage(chromium, django_db_setup, django_db_blocker, tmp_path_factory):
    static = tmp_path_factory.mktemp("static")
    with staged("evidence", lambda: Stage(settings.MEDIA_ROOT), django_db_blocker, static) as stage:
        yield stage


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_about_papers_is_sound(stage, chromium, page, size):
    who, path = stage.pages[page]
    touched = who in {"zhang", "wang"} and size == PHONE
    seen = chromium.do(look, stage.base, stage.cookies[who], path, size, page, 44 * touched)
    assert seen.status == 200
    assert seen.axe == []
    assert seen.csp == []
    assert seen.console == []
    assert seen.small == []
    assert seen.overflow <= 0
