"""The back office: each role sees its tables and no others, nobody writes past a service."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from admin_portal import admin
from admin_portal.site import site
from audit import drain as drains
from audit.models import Event
from doctors.models import Credential
from hospital.accounts.access import ENTRIES
from hospital.accounts.models import User
from hospital.accounts.roles import MANAGERS, Role
from hospital.kernel.clock import database_now
from hospital.kernel.encrypted import EncryptedTextField
from hospital.payments.models import Alarm
from hospital.policy import selectors as policies
from hospital.regulator import selectors
from hospital.regulator.lifecycle import State
from hospital.regulator.models import Upload
from hospital.regulator.news import News
from hospital.regulator.services.queueing import queue
from hospital.regulator.services.steps import take_step
from tests.backoffice import SECRETS, full_house
from tests.conftest import NOON
from tests.make import sitting_of, staff
from tests.uploads import an_upload

BOTH = ["default", "trail"]
assert admin  # which fills the site
TABLES = list(site._registry.items())
INLINE = re.compile(rb"<style|\sstyle=|\son[a-z]+=|<script>|javascript:", re.I)


def home_of(model):
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def rows_of(model):
    return [] if model is Event else model._default_manager.order_by("-pk")[:3]


def manager(*roles):
    return sitting_of(staff("-".join(roles), *roles))


def everybody_but_the_admins():
    return manager("medical_affairs", "outpatient_office", "finance", "pharmacy", "it")


@pytest.mark.django_db(databases=BOTH)
@pytest.mark.parametrize("role", sorted(Role))
def test_each_role_sees_its_tables_and_no_others(role):
    made = full_house()
    client = sitting_of(
        made.consultation.asked_by if role == Role.PATIENT else staff(f"some-{role}", role)
    )
    assert client.get("/admin/").status_code == (200 if role in MANAGERS else 403)
    for model, table in TABLES:
        may = role in ENTRIES[table.access].roles
        pages = [home_of(model), *(f"{home_of(model)}{row.pk}/change/" for row in rows_of(model))]
        assert [client.get(page).status_code for page in pages] == [
            200 if may else 403 for _ in pages
        ], f"{role} at {home_of(model)}"


@pytest.mark.django_db(databases=BOTH)
def test_every_page_is_cheap_shows_no_patient_and_keeps_to_the_policy_of_content():
    full_house()
    clients = [everybody_but_the_admins(), manager("system_admin"), manager("audit_admin")]
    seen = 0
    for model, _table in TABLES:
        client = next(c for c in clients if c.get(home_of(model)).status_code == 200)
        pages = [home_of(model), *(f"{home_of(model)}{row.pk}/change/" for row in rows_of(model))]
        for page in pages:
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(page)
            seen += 1
            assert len(asked) <= 10, page
            assert not any("COUNT(" in each["sql"] for each in asked), page
            assert not INLINE.search(answer.content), page
            text = answer.content.decode()
            assert not [secret for secret in SECRETS if secret in text], page
    assert seen > 40


def test_no_encrypted_column_is_shown_searched_or_filtered():
    for model, table in TABLES:
        sealed = {f.name for f in model._meta.fields if isinstance(f, EncryptedTextField)}
        own = type(table)
        shown = {*own.list_display, *own.shows, *own.search_fields}
        for inline in table.inlines:
            shown |= set(inline.shows)
        assert not sealed & shown, table
        assert table.columns, f"{table} would show every column"


@pytest.mark.django_db(databases=BOTH)
def test_nobody_writes_through_the_admin():
    full_house()
    client = everybody_but_the_admins()
    for model, _table in TABLES:
        home = home_of(model)
        assert client.post(f"{home}add/", {}).status_code == 404
        assert client.post(home, {"action": "delete_selected"}).status_code in {403, 405}
        for row in rows_of(model):
            count = model._default_manager.count()
            assert client.post(f"{home}{row.pk}/change/", {}).status_code in {403, 405}
            assert client.post(f"{home}{row.pk}/delete/", {"post": "yes"}).status_code == 404
            assert client.get(f"{home}{row.pk}/history/").status_code == 404
            assert model._default_manager.count() == count


@pytest.mark.django_db(databases=BOTH)
@pytest.mark.parametrize(
    "probe",
    [
        "patient__sex=female",
        "patient__birth_date__year=1958",
        "doctor__user__phone_index__startswith=a",
        "complaint__startswith=x",
        "verification__isnull=False",
        "last_seq__gt=1",
        "_to_field=verification",
        "q=血压",
    ],
)
def test_asking_about_a_hidden_column_gives_no_data(probe):
    made = full_house()
    client = manager("outpatient_office")
    home = "/admin/consultations/consultation/"
    assert str(made.consultation.public_id) in client.get(home).content.decode()
    answer = client.get(f"{home}?{probe}")
    assert str(made.consultation.public_id) not in answer.content.decode()


@pytest.mark.django_db
def test_a_list_pages_by_key_without_losing_or_repeating_a_row():
    for number in range(120):
        Alarm.objects.create(kind=f"kind-{number:03d}", at=NOON)
    client, page, found = manager("finance"), "/admin/payments/alarm/", []
    while page:
        text = client.get(page).content.decode()
        found += re.findall(r"kind-\d{3}", text)
        older = re.search(r'href="\?(after=\d+)">更早的', text)
        page = f"/admin/payments/alarm/?{older.group(1)}" if older else None
    assert found == [f"kind-{number:03d}" for number in range(119, -1, -1)]
    assert client.get("/admin/payments/alarm/?after=x").status_code == 302


@pytest.mark.django_db
def test_a_filter_and_an_exact_search_find():
    mine, other = an_upload(), an_upload(schema="VISIT")
    client, home = manager("it"), "/admin/regulator/upload/"

    def shown(query):
        text = client.get(f"{home}?{query}").content.decode()
        return [each for each in (mine, other) if str(each.public_id) in text]

    assert shown("schema=VISIT") == [other]
    assert shown("state=quarantined") == []
    assert shown(f"q={mine.biz_id}") == [mine]
    assert shown(f"q={mine.biz_id[:8]}") == []


@pytest.mark.django_db
def test_it_mends_an_upload_with_a_reason_and_medical_affairs_cannot(trail, monkeypatch):
    made = full_house()
    upload = _quarantined(made)
    page = f"/admin/regulator/upload/{upload.pk}/mend/"
    assert manager("medical_affairs").get(page).status_code == 403
    assert manager("medical_affairs").post(page, {"why": "x"}).status_code == 403
    it = manager("it")
    assert page in it.get(f"/admin/regulator/upload/{upload.pk}/change/").content.decode()
    assert it.post(page, {"why": ""}).status_code == 422
    assert it.post(page, {"why": "补录"}).status_code == 302
    upload = Upload.objects.get(pk=upload.pk)
    assert (upload.state, upload.note) == (State.PENDING, "补录")
    assert trail("regulator.mend")[-1].role == "it"
    assert it.post(page, {"why": "again"}).status_code == 422


def _quarantined(made):
    subject = f"prescriptions.prescription:{made.public_id}"
    news = News(1_000_000, "prescription.sign", NOON, subject)
    queue(selectors.locked_stream(made.consultation.public_id), news, at=NOON)
    upload = Upload.objects.get(event=news.event)
    take_step("quarantine", upload, by=None, at=NOON)
    return upload


@pytest.mark.django_db
def test_medical_affairs_decide_about_a_licence_and_finance_cannot(trail):
    full_house()
    credential = Credential.objects.get(state="submitted")
    home = f"/admin/doctors/credential/{credential.pk}/"
    assert manager("finance").post(f"{home}approve/").status_code == 403
    affairs = manager("medical_affairs")
    assert affairs.get(f"{home}approve/").status_code == 200
    assert affairs.post(f"{home}suspend/", {"why": "x"}).status_code == 422
    assert affairs.post(f"{home}approve/").status_code == 302
    assert affairs.post(f"{home}suspend/", {"why": "投诉待查"}).status_code == 302
    assert affairs.post(f"{home}restore/", {"why": "查无此事"}).status_code == 302
    credential.refresh_from_db()
    assert credential.state == "approved"
    assert [trail(kind)[-1].role for kind in DECIDED] == ["medical_affairs"] * 3
    assert affairs.get(f"/admin/doctors/credential/{uuid4()}/approve/").status_code == 404


DECIDED = ["credential.approve", "credential.suspend", "credential.restore"]


@pytest.mark.django_db
def test_the_system_admin_closes_an_account_and_it_cannot():
    victim = staff("victim", "doctor")
    page = f"/admin/accounts/user/{victim.pk}/disable/"
    assert manager("it").post(page, {"why": "left"}).status_code == 403
    assert manager("system_admin").post(page, {"why": "离职"}).status_code == 302
    assert not User.objects.get(pk=victim.pk).is_active
    again = page.replace("disable", "enable")
    assert manager("it").post(again, {"why": "back"}).status_code == 403
    assert manager("system_admin").post(again, {"why": "返聘"}).status_code == 302
    assert User.objects.get(pk=victim.pk).is_active


@pytest.mark.django_db
def test_medical_affairs_publish_what_they_changed_and_nothing_else():
    page = "/admin/policy/version/publish/"
    assert manager("finance").get(page).status_code == 403
    affairs = manager("medical_affairs")
    shown = affairs.get(page).context["form"]
    given = {name: shown[name].value() for name in shown.fields}
    given = {k: "on" if v is True else v for k, v in given.items() if v not in (None, False)}
    wish = given | {"followup_window_days": 90, "note": "与线下一致"}
    assert affairs.post(page, wish | {"followup_window_days": 9000}).status_code == 422
    assert affairs.post(page, wish).status_code == 302
    now = policies.current()
    assert (now.number, now.values.followup_window_days) == (2, 90)
    stale = affairs.post(page, wish | {"pay_minutes": 20})
    assert stale.status_code == 422
    assert policies.current().number == 2


@pytest.mark.django_db(databases=BOTH)
def test_the_first_page_tells_each_role_what_waits_for_it():
    full_house()
    told = {
        role: re.findall(r"</b> ([^<]+)</a>", manager(role).get("/admin/").content.decode())
        for role in ("medical_affairs", "it", "finance", "outpatient_office")
    }
    assert told["medical_affairs"] == [
        "件事等您审批",
        "次急诊查阅超过时限没有复核",
        "条监管上报需要处理",
    ]
    assert told["it"] == ["条监管上报需要处理", "类院内数据同步出错", "条院内数据被隔离"]
    assert told["finance"] == ["条收费告警（7 天内）"]
    assert told["outpatient_office"] == []


STEPS = ("下单", "接诊", "医师签名", "审方通过", "发药", "评价")


@pytest.mark.django_db(transaction=True, databases=[*BOTH, "owner"])
def test_one_case_is_a_line_of_time_for_those_who_answer_for_it():
    made = full_house()
    drains.drain("regulator", at=database_now())
    visit = made.consultation.public_id
    page, door = f"/admin/cases/{visit}/", f"/api/v1/trail?stream={visit}"
    inspector, affairs, it = manager("audit_admin"), manager("medical_affairs"), manager("it")
    for client in (inspector, affairs):
        text = client.get(page).content.decode()
        assert not [step for step in STEPS if step not in text]
        assert not [secret for secret in SECRETS if secret in text]
    assert it.get(page).status_code == 403
    assert inspector.get(f"/admin/cases/{uuid4()}/").status_code == 404
    assert affairs.get(door).status_code == 403
    rows = inspector.get(door).json()["rows"]
    told = {row["kind"] for row in rows}
    assert {"consultation.accept", "prescription.sign", "consultation.rate"} <= told
    assert set(rows[0]) == {"at", "kind", "outcome", "role", "subject"}
    assert inspector.get("/api/v1/trail?stream=x").status_code == 400
    assert inspector.get("/api/v1/trail").status_code == 400
    events = inspector.get("/admin/audit/event/")
    assert "consultation.rate" in events.content.decode()
    pk = Event.objects.using("trail").first().pk
    assert inspector.get(f"/admin/audit/event/{pk}/change/").status_code == 200
