"""三权分立: what each of the three administrators may not do, with who may beside it."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from hospital.accounts import services
from hospital.accounts.models import RoleChange, Sitting, User
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import WrongState
from tests import consulting, make
from tests.conftest import NOON
from tests.make import sitting_of, staff

BOTH = ["default", "trail"]
pytestmark = pytest.mark.django_db(databases=BOTH)
SYSTEM, SECURITY, AUDIT = "system_admin", "security_admin", "audit_admin"
USERS = "/admin/accounts/user/"
CHANGES = "/admin/accounts/rolechange/"
NOBODYS = UUID(int=7)


@pytest.fixture
def cast():
    """The three, a second security administrator, and a doctor with a role asked for."""
    three = {role: staff(f"the-{role}", role) for role in (SYSTEM, SECURITY, AUDIT)}
    second = staff("second", SECURITY)
    lin = staff("lin", "doctor")
    change = services.ask_role(lin, "pharmacist", by=second, at=NOON, why="轮岗")
    return {role: sitting_of(user) for role, user in three.items()}, second, lin, change


def doings(lin, change):
    """What can be done about accounts: name, address, what is sent, and whose it is."""
    return [
        ("open an account", f"{USERS}open/", {"username": "zhou", "name": "周"}, SYSTEM),
        ("disable", f"{USERS}{lin.pk}/disable/", {"why": "离职"}, SYSTEM),
        ("enable", f"{USERS}{lin.pk}/enable/", {"why": "返聘"}, SYSTEM),
        ("end sessions", f"{USERS}{lin.pk}/end-sittings/", {"why": "手机丢失"}, SYSTEM),
        (
            "ask for a role",
            f"{USERS}{lin.pk}/ask-role/",
            {"role": "finance", "why": "轮岗"},
            SECURITY,
        ),
        ("reset a password", f"{USERS}{lin.pk}/reset-password/", {"why": "忘记密码"}, SECURITY),
        ("reset a factor", f"{USERS}{lin.pk}/reset-factor/", {"why": "手机丢失"}, SECURITY),
        ("open anew", f"{USERS}{lin.pk}/reopen/", {"why": "两样都丢失"}, SECURITY),
        ("grant", f"{CHANGES}{change.pk}/grant/", {}, SECURITY),
        (
            "revoke",
            f"{USERS}{lin.pk}/revoke-role/",
            {"role": "doctor", "why": "停职"},
            SECURITY,
        ),
    ]


def test_each_act_about_accounts_is_one_administrators_and_no_others(cast):
    clients, _second, lin, change = cast
    for what, address, sent, whose in doings(lin, change):
        for role in {SYSTEM, SECURITY, AUDIT} - {whose}:
            assert clients[role].get(address).status_code == 403, f"{role} would {what}"
            assert clients[role].post(address, sent).status_code == 403, f"{role} would {what}"
        assert clients[whose].get(address).status_code == 200, what
        assert clients[whose].post(address, sent).status_code in {200, 302}, what  # the control
    lin.refresh_from_db()
    assert lin.roles == ["pharmacist"]
    assert User.objects.get(username="zhou").roles == []


def test_refusing_and_withdrawing_are_security_administrators_too(cast):
    clients, second, lin, change = cast
    for step, sent in (("refuse", {"why": "没有资质"}), ("withdraw", {})):
        for role in (SYSTEM, AUDIT):
            assert clients[role].post(f"{CHANGES}{change.pk}/{step}/", sent).status_code == 403
    own = clients[SECURITY].post(f"{CHANGES}{change.pk}/withdraw/")
    assert own.status_code == 422  # another's request
    assert sitting_of(second).post(f"{CHANGES}{change.pk}/withdraw/").status_code == 302
    again = services.ask_role(lin, "finance", by=second, at=NOON, why="轮岗")
    assert clients[SECURITY].post(f"{CHANGES}{again.pk}/refuse/", {"why": "否"}).status_code == 302


TRAIL = ("/admin/audit/event/", f"/admin/cases/{NOBODYS}/", f"/api/v1/trail?stream={NOBODYS}")


@pytest.mark.parametrize("address", TRAIL)
def test_only_the_audit_administrator_reads_the_trail(cast, address):
    clients, *_others = cast
    for role in (SYSTEM, SECURITY):
        assert clients[role].get(address).status_code == 403
    assert clients[AUDIT].get(address).status_code in {200, 404}  # the control


def test_no_administrator_comes_to_data_of_patients(cast):
    clients, *_others = cast
    mother, patient = consulting.wang()
    doctor = make.doctor()
    visit = consulting.in_state("open", mother, patient, doctor)
    pages = {  # address: who may, as the control
        f"/api/v1/consultations/{visit.public_id}": sitting_of(doctor.user),
        f"/api/v1/consultations/{visit.public_id}/messages": sitting_of(mother),
        f"/record/{patient.public_id}/": sitting_of(doctor.user),
        "/admin/consultations/consultation/": sitting_of(staff("menban", "outpatient_office")),
    }
    for address, control in pages.items():
        for role, client in clients.items():
            assert client.get(address).status_code == 403, f"{role} at {address}"
        assert control.get(address).status_code == 200, address


def test_who_asked_does_not_decide_and_the_pages_say_so(cast):
    clients, second, _lin, change = cast
    refused = sitting_of(second).post(f"{CHANGES}{change.pk}/grant/")
    assert refused.status_code == 422
    assert "另一位安全管理员" in refused.content.decode()
    waiting = clients[SECURITY].get("/admin/").content.decode()
    assert "件事等您审批" in waiting
    page = clients[SECURITY].get(f"{CHANGES}{change.pk}/grant/").content.decode()
    assert "轮岗" in page
    assert clients[SECURITY].post(f"{CHANGES}{change.pk}/grant/").status_code == 302
    assert RoleChange.objects.get(pk=change.pk).state == "done"
    shown = clients[AUDIT].get(f"{CHANGES}{change.pk}/change/")
    assert shown.status_code == 200
    assert "second" in shown.content.decode()


def test_a_form_offers_roles_that_can_be_given_or_taken(cast):
    clients, _second, lin, _change = cast
    ask = clients[SECURITY].get(f"{USERS}{lin.pk}/ask-role/").context["form"]
    take = clients[SECURITY].get(f"{USERS}{lin.pk}/revoke-role/").context["form"]
    assert [value for value, _label in take.fields["role"].choices] == ["doctor"]
    offered = {value for value, _label in ask.fields["role"].choices}
    assert "doctor" not in offered
    assert "patient" not in offered
    root = User.objects.get(username=f"the-{SYSTEM}")
    bad = clients[SECURITY].post(f"{USERS}{root.pk}/ask-role/", {"role": AUDIT, "why": "兼任"})
    assert bad.status_code == 422
    assert "不能由一人兼任" in bad.content.decode()


def test_a_role_taken_in_mid_session_opens_nothing_with_the_next_request(cast):
    _clients, second, lin, _change = cast
    browser = sitting_of(lin)
    assert browser.get("/doctor/work/").status_code == 200
    services.revoke(User.objects.get(pk=lin.pk), "doctor", by=second, at=NOON, why="停职")
    assert browser.get("/doctor/work/").status_code == 403


def test_sessions_ended_by_the_administrator_are_gone(cast):
    clients, _second, lin, _change = cast
    browser = sitting_of(lin)
    assert browser.get("/me/sittings/").status_code == 200
    clients[SYSTEM].post(f"{USERS}{lin.pk}/end-sittings/", {"why": "手机丢失"})
    assert not Sitting.objects.filter(user=lin).exists()
    assert browser.get("/me/sittings/").status_code == 302


def test_the_list_finds_the_unused_and_who_holds_a_role(cast):
    clients, *_others = cast
    now = database_now()
    idle, busy = timedelta(days=90, minutes=1), timedelta(days=89)
    for name, seen in (("asleep", idle), ("awake", busy)):
        staff(name, "it")
        User.objects.filter(username=name).update(last_login=now - seen)
    staff("never-came", "it")
    User.objects.filter(username="never-came").update(joined_at=now - idle)
    closed = staff("closed", "it")
    User.objects.filter(pk=closed.pk).update(last_login=now - idle, is_active=False)
    unused = clients[SECURITY].get(f"{USERS}?use=unused").content.decode()
    assert [f">{n}<" in unused for n in ("asleep", "never-came", "awake", "closed", "lin")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    doctors = clients[SYSTEM].get(f"{USERS}?role=doctor").content.decode()
    assert [f">{name}<" in doctors for name in ("lin", "asleep")] == [True, False]


def test_a_new_account_comes_with_a_link_that_is_shown_once(cast):
    clients, *_ = cast
    page = clients[SYSTEM].post(f"{USERS}open/", {"username": "zhou", "name": "周"})
    token = re.search(r"/activate/#([\w-]+)", page.content.decode())[1]
    user = User.objects.get(username="zhou")
    assert services.activation_of(token, at=database_now()).user == user
    again = clients[SYSTEM].get(f"{USERS}{user.pk}/change/")
    assert token not in again.content.decode()
    newer = clients[SYSTEM].post(f"{USERS}{user.pk}/invite/")
    assert newer.status_code == 200
    with pytest.raises(WrongState):
        services.activation_of(token, at=database_now())


def test_whoever_has_begun_gets_no_second_first_link(cast):
    clients, _second, lin, _change = cast
    answer = clients[SYSTEM].post(f"{USERS}{lin.pk}/invite/")
    assert answer.status_code == 422
    assert b"/activate/#" not in answer.content
