"""我的资料: pages of one's own data, and the archive to nobody else."""

import io
import zipfile
from datetime import timedelta

import pytest

from hospital.accounts.models import User
from hospital.kernel.clock import database_now
from patients import selectors, services
from patients.models import Consent, ConsentDraft, Correction, Export, LegalHold
from tests import consulting, make, prescribing

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture(autouse=True)
def _own_vault(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def wang(now):
    return consulting.wang(now)


@pytest.fixture
def browser(wang):
    return make.sitting_of(wang[0])


def made(user, patient, at):
    export = services.ask_export(patient, by=user, at=at)
    services.make_export(export.pk, at=at)
    export.refresh_from_db()
    return export


def test_the_page_offers_a_copy_and_the_button_has_it_made(browser, wang):
    page = browser.get("/me/data/").content.decode()
    assert "申请副本" in page
    answer = browser.post(f"/me/patients/{wang[1].public_id}/copy/")
    assert (answer.status_code, answer["Location"]) == (302, "/me/data/")
    assert Export.objects.get().account == wang[0]
    assert "正在准备" in browser.get("/me/data/").content.decode()


def test_the_archive_comes_to_who_asked(browser, wang, now):
    export = made(*wang, now)
    assert "下载" in browser.get("/me/data/").content.decode()
    answer = browser.get(f"/me/data/copies/{export.public_id}/")
    raw = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith("attachment")
    assert int(answer["Content-Length"]) == len(raw)
    assert "record-1.pdf" in zipfile.ZipFile(io.BytesIO(raw)).namelist()


def test_to_everybody_else_there_is_none(wang, now):
    export = made(*wang, now)
    other = make.sitting_of(consulting.stranger())
    foreign = other.get(f"/me/data/copies/{export.public_id}/")
    missing = other.get("/me/data/copies/00000000-0000-4000-8000-000000000000/")
    assert foreign.status_code == missing.status_code == 404
    assert other.post(f"/me/patients/{wang[1].public_id}/copy/").status_code == 404


def test_after_a_day_the_link_is_a_missing_page(browser, wang, now):
    export = made(*wang, now - timedelta(hours=25))
    services.sweep_exports(at=now)
    assert browser.get(f"/me/data/copies/{export.public_id}/").status_code == 404


@pytest.mark.parametrize("where", ["/me/data/copies/{0}/", "/me/data/close/"])
def test_a_copy_and_leaving_ask_who_it_is_once_more(wang, now, where):
    export = made(*wang, now)
    stale = make.sitting_of(wang[0], fresh=False)
    answer = stale.get(where.format(export.public_id))
    assert answer.status_code == 302
    assert "/me/verify/" in answer["Location"]


def test_every_purpose_is_one_tap_away_both_ways(browser, wang):
    page = browser.get("/me/consents/").content.decode()
    assert "必要" in page
    assert "可选" in page
    assert page.count("撤回《") == 2
    assert page.count("同意《") == 1
    browser.post(f"/me/patients/{wang[1].public_id}/consent/give/", {"kind": "courier"})
    assert selectors.has_consent(wang[1], "courier")
    given = Consent.objects.get(text__kind="courier", withdrawn_at=None)
    browser.post(f"/me/consents/{given.public_id}/withdraw/")
    assert not selectors.has_consent(wang[1], "courier")


def test_the_consents_page_asks_as_much_for_many_as_for_one(
    browser, wang, now, django_assert_max_num_queries
):
    with django_assert_max_num_queries(22):
        browser.get("/me/consents/")


def test_a_correction_is_asked_for_on_the_page(browser, wang):
    told = {"patient": str(wang[1].public_id), "what": "既往史写错了"}
    assert browser.post("/me/data/corrections/", told).status_code == 302
    assert Correction.objects.get().what == "既往史写错了"
    assert "既往史写错了" in browser.get("/me/data/").content.decode()
    assert browser.post("/me/data/corrections/", {**told, "what": ""}).status_code == 422
    foreign = consulting.wang.__name__  # somebody else's patient is no choice
    assert browser.post("/me/data/corrections/", {**told, "patient": foreign}).status_code == 422


def test_the_list_of_a_seal_is_the_patients_to_see(browser, wang, now):
    hold = services.place_hold(
        wang[1], stream=None, reason="医疗纠纷", by=make.medical_affairs(), at=now
    )
    page = browser.get(f"/me/data/seals/{hold.public_id}/").content.decode()
    assert hold.digest in page
    assert "医疗纠纷" not in page
    kept = browser.get(f"/me/data/seals/{hold.public_id}/list.json").json()
    assert (kept["digest"], len(kept["list"])) == (hold.digest, hold.items)
    other = make.sitting_of(consulting.stranger())
    assert other.get(f"/me/data/seals/{hold.public_id}/").status_code == 404


def test_leaving_says_what_stays_asks_twice_and_ends_the_session(browser, wang):
    page = browser.get("/me/data/close/").content.decode()
    assert "15 年" in page
    assert browser.post("/me/data/close/").status_code == 422
    answer = browser.post("/me/data/close/", {"sure": "on"})
    assert "账号已注销" in answer.content.decode()
    assert not User.objects.get(pk=wang[0].pk).is_active
    assert browser.get("/me/").status_code == 302


def test_leaving_is_refused_while_something_is_open(browser, wang, now):
    consulting.ordered(*wang, make.doctor(at=now), at=now)
    page = browser.get("/me/data/close/").content.decode()
    assert "还有没支付的账单" in page
    assert 'name="sure"' not in page
    assert browser.post("/me/data/close/", {"sure": "on"}).status_code == 422
    assert User.objects.get(pk=wang[0].pk).is_active


# --- the back office ----------------------------------------------------------------------------


@pytest.fixture
def affairs():
    return make.sitting_of(make.medical_affairs())


def test_medical_affairs_write_and_publish_a_text(affairs):
    told = {"kind": "service", "title": "新版", "body": "一", "body_en": "New\n\nOne"}
    assert affairs.get("/admin/patients/consentdraft/new/").status_code == 200
    assert affairs.post("/admin/patients/consentdraft/new/", told).status_code == 302
    assert "新版" in affairs.get("/admin/patients/consentdraft/").content.decode()
    draft = ConsentDraft.objects.get()
    page = affairs.get(f"/admin/patients/consentdraft/{draft.pk}/change/").content.decode()
    assert "发布" in page
    affairs.post(f"/admin/patients/consentdraft/{draft.pk}/publish/", {})
    assert selectors.newest_texts().get(kind="service").version == 2
    assert "新版" in affairs.get("/admin/patients/consenttext/").content.decode()
    lame = affairs.post("/admin/patients/consentdraft/new/", {**told, "kind": "courier"})
    assert lame.status_code == 422
    assert "快递公司的名称" in lame.content.decode()


def test_sealing_and_unsealing_take_two(affairs, wang):
    told = {"patient": str(wang[1].public_id), "reason": "患者申请封存"}
    assert affairs.post("/admin/patients/legalhold/new/", told).status_code == 302
    hold = LegalHold.objects.get()
    page = affairs.get(f"/admin/patients/legalhold/{hold.pk}/change/").content.decode()
    assert hold.digest in page
    assert "王秀兰" not in page
    refused = affairs.post(f"/admin/patients/legalhold/{hold.pk}/lift/", {"why": "算了"})
    assert refused.status_code == 422
    other = make.sitting_of(make.medical_affairs("yiwuchu2"))
    other.post(f"/admin/patients/legalhold/{hold.pk}/lift/", {"why": "已调解"})
    hold.refresh_from_db()
    assert hold.state == "lifted"
    nobody = {"patient": "00000000-0000-4000-8000-000000000000", "reason": "x"}
    assert affairs.post("/admin/patients/legalhold/new/", nobody).status_code == 422


def test_a_correction_is_read_only_where_it_is_answered(affairs, wang, now):
    asked = services.ask_correction(wang[1], what="既往史写错了", by=wang[0], at=now)
    assert "既往史" not in affairs.get("/admin/patients/correction/").content.decode()
    where = f"/admin/patients/correction/{asked.pk}"
    assert "既往史" not in affairs.get(f"{where}/change/").content.decode()
    assert "既往史" in affairs.get(f"{where}/make/").content.decode()
    affairs.post(f"{where}/make/", {"why": "已核对"})
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("made", "已核对")


@pytest.mark.parametrize("table", ["consentdraft", "consenttext", "legalhold", "correction"])
def test_no_other_office_sees_them(table):
    assert (
        make.sitting_of(make.medical_affairs()).get(f"/admin/patients/{table}/").status_code == 200
    )
    other = make.sitting_of(make.staff("caiwu", "finance"))
    assert other.get(f"/admin/patients/{table}/").status_code == 403


def test_a_packed_parcel_is_fetched_at_the_window_instead(now):
    cast = prescribing.cast(at=now)
    made = prescribing.paid(cast, mode="courier", at=now)
    own = make.sitting_of(cast.user)
    assert "改为到院自取" in own.get(f"/prescriptions/{made.public_id}/").content.decode()
    assert own.post(f"/prescriptions/{made.public_id}/collect/").status_code == 302
    made.delivery.refresh_from_db()
    assert made.delivery.mode == "window"
    other = make.sitting_of(consulting.stranger())
    assert other.post(f"/prescriptions/{made.public_id}/collect/").status_code == 404
