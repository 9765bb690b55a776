"""One's own data with something on every page: copies, corrections, seals, leaving, consents."""

import os

import pytest
from django.conf import settings

from tests import databases
from tests.browser.looking import look
from tests.browser.serving import served

pytestmark = pytest.mark.browser
PHONE, DESK = (390, 844), (1440, 900)


class Stage:
    """王秀兰 with a copy that is ready, a sealed record, a correction that was answered."""

    def __init__(self) -> None:
        from hospital.kernel.clock import database_now  # noqa: PLC0415 - needs the apps
        from patients import selectors, services  # noqa: PLC0415
        from tests import consulting, make  # noqa: PLC0415

        at = database_now()
        user, patient = consulting.wang(at)
        consulting.ordered(user, patient, make.doctor(at=at), at=at)
        free, _own = consulting.account("13800006699", "李娜"), None
        copy = services.ask_export(patient, by=user, at=at)
        services.make_export(copy.pk, at=at)
        affairs = make.medical_affairs()
        hold = services.place_hold(patient, stream=None, reason="医疗纠纷", by=affairs, at=at)
        asked = services.ask_correction(patient, what="既往史里的糖尿病写错了", by=user, at=at)
        services.make_correction(asked, by=affairs, at=at, why="已核对，没有糖尿病，附注更正")
        services.ask_correction(patient, what="过敏史少了一项：青霉素", by=user, at=at)
        courier = selectors.newest_texts().get(kind="courier")
        services.consent(patient, courier, by=user, at=at)
        words = {"title": "互联网诊疗服务知情同意书", "body": "一、……", "body_en": "Consent\n\n1."}
        draft = services.write_draft("service", by=affairs, at=at, **words)
        waiting = selectors.corrections_of(user).filter(state="asked").get()
        people = {"patient": user, "free": free, "affairs": affairs}
        self.cookies = {
            who: {"sid": make.sitting_of(person).cookies["sid"].value}
            for who, person in people.items()
        }
        user.size = os.environ.get("DATA_SIZE", "standard")
        user.save(update_fields=["size"])
        admin = "/admin/patients"
        self.pages = {
            "data-mine": ("patient", "/me/data/"),
            "data-empty": ("free", "/me/data/"),
            "data-seal": ("patient", f"/me/data/seals/{hold.public_id}/"),
            "data-close-busy": ("patient", "/me/data/close/"),
            "data-close": ("free", "/me/data/close/"),
            "data-consents": ("patient", "/me/consents/"),
            "data-texts": ("affairs", f"{admin}/consentdraft/"),
            "data-draft-new": ("affairs", f"{admin}/consentdraft/new/"),
            "data-draft": ("affairs", f"{admin}/consentdraft/{draft.pk}/change/"),
            "data-hold-new": ("affairs", f"{admin}/legalhold/new/"),
            "data-hold": ("affairs", f"{admin}/legalhold/{hold.pk}/change/"),
            "data-answer": ("affairs", f"{admin}/correction/{waiting.pk}/make/"),
        }


PAGES = (
    "data-mine",
    "data-empty",
    "data-seal",
    "data-close-busy",
    "data-close",
    "data-consents",
    "data-texts",
    "data-draft-new",
    "data-draft",
    "data-hold-new",
    "data-hold",
    "data-answer",
)


@pytest.fixture(scope="module")
def stage(chromium, django_db_setup, django_db_blocker, tmp_path_factory):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name, before = f"data_{worker}", settings.DATABASES["default"]["NAME"]
    usual, media = settings.MEDIA_ROOT, tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock():
        databases.make(name)
        settings.MEDIA_ROOT = media
        try:
            stage = Stage()
        finally:
            databases.point_at(before)
            settings.MEDIA_ROOT = usual
    with served(name, tmp_path_factory.mktemp("static"), MEDIA_ROOT=str(media)) as base:
        stage.base = base
        yield stage
    with django_db_blocker.unblock():
        databases.drop(name)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_ones_own_data_is_sound(stage, chromium, name, size):
    who, path = stage.pages[name]
    least = 44 if who != "affairs" and size == PHONE else 0
    seen = chromium.do(look, stage.base, stage.cookies[who], path, size, name, least)
    assert (seen.status, seen.address) == (200, path)
    assert (seen.axe, seen.csp, seen.console, seen.small) == ([], [], [], [])
    assert seen.overflow <= 0
