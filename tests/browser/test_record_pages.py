"""Who reads a record, with something on every page: break-glass, shares, reads, receipts."""

import os
from datetime import timedelta

import pytest
from django.conf import settings

from tests import databases
from tests.browser.looking import look
from tests.browser.serving import served

pytestmark = pytest.mark.browser
PHONE, DESK = (390, 844), (1440, 900)


class Stage:
    """A patient in an open consultation, whose record others have read and asked for."""

    def __init__(self, anchors) -> None:
        from audit import sealing  # noqa: PLC0415 - needs the apps
        from hospital.kernel.clock import database_now  # noqa: PLC0415
        from patients import selectors, services  # noqa: PLC0415
        from tests import consulting, letting_in, make  # noqa: PLC0415

        settings.AUDIT_ANCHOR_DIR = str(anchors)
        at = database_now()
        user, patient = consulting.wang(at=at)
        attending = make.doctor(at=at)
        ordered = consulting.ordered(user, patient, attending, at=at)
        visit = consulting.opened(consulting.paid(ordered, at=at), at=at)
        colleague = make.doctor("zhouping", "周平", department="内分泌科", at=at)
        emergency = make.doctor("hanlei", "韩磊", department="神经内科", title="attending", at=at)
        friend = make.doctor("linyi", "林一", department="内分泌科", title="attending", at=at)
        earlier = letting_in.over(patient, emergency, at=at - timedelta(hours=3))
        services.justify_glass(earlier, by=make.medical_affairs(), at=at, why="急诊记录属实")
        glass = letting_in.opened(patient, emergency, at=at)
        letting_in.shared(patient, friend, by=user, at=at)
        letting_in.asked(visit, colleague, at=at)
        people = {"patient": user, "attending": attending.user, "emergency": emergency.user}
        people |= {"friend": friend.user, "affairs": make.medical_affairs()}
        browsers = {who: make.sitting_of(user) for who, user in people.items()}
        record = f"/record/{patient.public_id}/"
        for who in ("attending", "friend", "emergency"):
            assert browsers[who].get(record).status_code == 200
        sealing.seal(database_now())
        sealed = selectors.reads_of(patient).rows[-1].event.pk
        assert browsers["attending"].get(record).status_code == 200
        fresh = selectors.reads_of(patient).rows[0].event.pk
        self.cookies = {who: {"sid": b.cookies["sid"].value} for who, b in browsers.items()}
        self.cookies["visitor"] = {}
        self.elder(user)
        mine = f"/me/patients/{patient.public_id}"
        self.pages = {
            "records-reads": ("patient", f"{mine}/reads/"),
            "records-receipt": ("patient", f"{mine}/reads/{sealed}/"),
            "records-unsealed": ("patient", f"{mine}/reads/{fresh}/"),
            "records-sharing": ("patient", f"{mine}/sharing/"),
            "records-share-new": ("patient", f"{mine}/sharing/new/?name=林"),
            "records-record": ("patient", f"{mine}/"),
            "records-verify": ("visitor", "/receipts/"),
            "records-glass-form": ("friend", "/doctor/break-glass/"),
            "records-glass": ("emergency", f"/doctor/break-glass/{glass.public_id}/"),
            "records-glass-over": ("emergency", f"/doctor/break-glass/{earlier.public_id}/"),
            "records-shared": ("friend", "/doctor/records/"),
            "records-consult": ("attending", f"/doctor/work/{visit.public_id}/consult/?name=林"),
            "records-review": ("affairs", f"/admin/patients/glass/{earlier.pk}/change/"),
        }

    def elder(self, user) -> None:
        user.size = os.environ.get("RECORDS_SIZE", "standard")
        user.save(update_fields=["size"])


PAGES = (
    "records-reads",
    "records-receipt",
    "records-unsealed",
    "records-sharing",
    "records-share-new",
    "records-record",
    "records-verify",
    "records-glass-form",
    "records-glass",
    "records-glass-over",
    "records-shared",
    "records-consult",
    "records-review",
)


@pytest.fixture(scope="module")
def stage(chromium, django_db_setup, django_db_blocker, tmp_path_factory):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name, before = f"records_{worker}", settings.DATABASES["default"]["NAME"]
    anchors = tmp_path_factory.mktemp("anchors")
    usual = settings.AUDIT_ANCHOR_DIR
    with django_db_blocker.unblock():
        databases.make(name)
        try:
            stage = Stage(anchors)
        finally:
            databases.point_at(before)
            settings.AUDIT_ANCHOR_DIR = usual
    static = tmp_path_factory.mktemp("static")
    with served(name, static, AUDIT_ANCHOR_DIR=str(anchors)) as base:
        stage.base = base
        yield stage
    with django_db_blocker.unblock():
        databases.drop(name)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_about_who_reads_is_sound(stage, chromium, page, size):
    who, path = stage.pages[page]
    touched = who in {"patient", "visitor"} and size == PHONE
    seen = chromium.do(look, stage.base, stage.cookies[who], path, size, page, 44 * touched)
    assert seen.status == 200
    assert seen.axe == []
    assert seen.csp == []
    assert seen.console == []
    assert seen.small == []
    assert seen.overflow <= 0
