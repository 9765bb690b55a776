"""How staff come to an account, keep it and lose it: passwords, links, sittings, guesses."""

import threading
from datetime import timedelta

import pyotp
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client

from hospital.accounts import checks, devices, selectors, services, sweeping
from hospital.accounts.models import (
    Activation,
    Device,
    Factor,
    FormerPassword,
    Sitting,
    User,
    Verification,
)
from hospital.kernel import context
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import NotAllowed, Refused, TooMany, WrongState
from hospital.notifications.models import Notice
from tests import make
from tests.conftest import NOON
from tests.together import at_once

PASSWORD = "a long enough secret"
NEW = "Lantern-7-rivers"
db, real = pytest.mark.django_db, pytest.mark.django_db(transaction=True)


@pytest.fixture
def dr_chen(db):
    return make.doctor().user


@pytest.fixture
def security(db):
    return make.staff("secadmin", "security_admin")


@pytest.fixture
def system(db):
    return make.staff("sysadmin", "system_admin")


def otp_of(user, at=NOON):
    return pyotp.TOTP(Factor.objects.get(user=user).secret).at(at)


def otp_for(token, at=NOON):
    """What the authenticator shows that scanned the picture of this link."""
    return pyotp.TOTP(services.activation_of(token, at=at).secret).at(at)


def opened(token, *, at=NOON, **given):
    return services.activate(services.activation_of(token, at=at), at=at, **given)


# --- one's password ---------------------------------------------------------------------------
def change(client, old, new, again=None):
    return client.post("/me/password/", {"old": old, "new": new, "again": again or new})


def test_a_password_is_changed_by_the_old_one_and_every_other_sitting_ends(dr_chen, trail):
    here, there = make.sitting_of(dr_chen), make.sitting_of(dr_chen)
    assert change(here, PASSWORD, NEW).status_code == 302
    assert here.get("/api/v1/session").json()["signed_in"] is True
    assert there.get("/api/v1/session").json()["signed_in"] is False
    user = User.objects.get(pk=dr_chen.pk)
    assert user.check_password(NEW)
    assert user.password.startswith("argon2")
    assert user.password_set_at > NOON
    assert "account.password" in trail()
    assert Notice.objects.filter(to=dr_chen, kind="account.password").count() == 1


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [("wrong", NEW, NEW), (PASSWORD, "weak", "weak"), (PASSWORD, NEW, NEW + "x")],
    ids=["the old one is wrong", "the new one is weak", "typed differently"],
)
def test_what_is_wrong_is_told_and_nothing_changes(dr_chen, old, new, again):
    client = make.sitting_of(dr_chen)
    assert change(client, old, new, again).status_code == 422
    assert User.objects.get(pk=dr_chen.pk).check_password(PASSWORD)


def test_it_wants_a_fresh_proof(dr_chen):
    stale = make.sitting_of(dr_chen, fresh=False)
    assert change(stale, PASSWORD, NEW)["Location"].startswith("/me/verify/")
    assert User.objects.get(pk=dr_chen.pk).check_password(PASSWORD)


def test_none_of_the_last_five_is_taken_again_and_the_sixth_is(dr_chen):
    client = make.sitting_of(dr_chen)
    used = [PASSWORD]
    for number in range(4):
        assert change(client, used[-1], f"{NEW}-{number}").status_code == 302
        used.append(f"{NEW}-{number}")
    for earlier in used[1:]:
        refused = change(client, used[-1], earlier)
        assert refused.status_code == 422
        assert "最近用过的五个" in refused.content.decode()
    assert FormerPassword.objects.filter(user=dr_chen).count() == 4
    assert change(client, used[-1], f"{NEW}-five").status_code == 302
    assert change(client, f"{NEW}-five", f"{NEW}-six").status_code == 302
    assert change(client, f"{NEW}-six", used[1]).status_code == 302


def test_wrong_old_passwords_are_counted(dr_chen):
    client = make.sitting_of(dr_chen)
    for _time in range(5):
        assert change(client, "wrong", NEW).status_code == 422
    assert "尝试次数太多" in change(client, PASSWORD, NEW).content.decode()


def test_a_very_long_password_is_kept_whole(dr_chen):
    long = "7Lantern-river." * 17
    assert change(make.sitting_of(dr_chen), PASSWORD, long).status_code == 302
    user = User.objects.get(pk=dr_chen.pk)
    assert user.check_password(long)
    assert not user.check_password(long[:-1])
    assert not user.check_password(long[:72])


# --- coming in ---------------------------------------------------------------------------------
def test_a_new_account_is_opened_by_its_person(system, trail):
    user = services.add_staff("lina", name="李娜", roles=[], by=system, at=NOON)
    assert not user.has_usable_password()
    token = services.invite(user, by=system, at=NOON)
    opened(token, password=NEW, otp=otp_for(token))
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert user.factor_set_at == user.password_set_at == NOON
    assert {"account.invite", "account.activate", "account.password"} <= set(trail())
    with pytest.raises(WrongState):
        services.activation_of(token, at=NOON)


def test_the_invited_person_lands_sets_both_and_is_in(system):
    user = services.add_staff("lina", name="李娜", roles=[], by=system, at=database_now())
    token = services.invite(user, by=system, at=database_now())
    assert services.address_of(token).endswith(f"/activate/#{token}")
    browser = Client()
    assert browser.get("/activate/now/")["Location"] == "/activate/"
    assert browser.post("/activate/", {"token": "nobody's"}).status_code == 422
    assert browser.post("/activate/", {"token": token})["Location"] == "/activate/now/"
    page = browser.get("/activate/now/").content.decode()
    secret = Activation.objects.get().secret
    assert "data:image/svg+xml;base64," in page
    assert secret in page.replace(" ", "")
    code = pyotp.TOTP(secret).now()
    weak = browser.post("/activate/now/", {"otp": code, "new": "weak", "again": "weak"})
    assert weak.status_code == 422
    done = browser.post("/activate/now/", {"otp": code, "new": NEW, "again": NEW})
    assert done.status_code == 302
    assert browser.get("/api/v1/session").json()["signed_in"] is True
    assert Client().post("/activate/", {"token": token}).status_code == 422


def test_the_token_stands_nowhere_in_the_database(dr_chen, security):
    token = services.invite(dr_chen, by=security, at=NOON, kind="password", why="忘记密码")
    row = Activation.objects.get()
    assert token not in f"{row.digest} {row.secret}"
    assert len(token) >= 32  # 192 bits


@pytest.mark.parametrize(("hours", "good"), [(23.9, True), (24, False)])
def test_a_link_is_good_for_a_day(dr_chen, security, hours, good):
    token = services.invite(dr_chen, by=security, at=NOON, kind="open", why="都丢了")
    later = NOON + timedelta(hours=hours)
    if good:
        assert services.activation_of(token, at=later)
    else:
        with pytest.raises(WrongState):
            services.activation_of(token, at=later)


def test_a_newer_link_makes_the_older_one_worthless(dr_chen, security):
    older = services.invite(dr_chen, by=security, at=NOON, kind="open", why="都丢了")
    newer = services.invite(dr_chen, by=security, at=NOON, kind="open", why="又丢了")
    with pytest.raises(WrongState):
        services.activation_of(older, at=NOON)
    assert services.activation_of(newer, at=NOON)


@pytest.mark.parametrize("kind", ["open", "password", "factor"])
def test_only_the_security_administrator_resets(dr_chen, system, security, kind):
    for other in (system, make.medical_affairs(), dr_chen):
        with pytest.raises(NotAllowed):
            services.invite(dr_chen, by=other, at=NOON, kind=kind, why="忘了")
    assert services.invite(dr_chen, by=security, at=NOON, kind=kind, why="忘了")


def test_nobody_resets_their_own_and_nobody_without_a_reason(security, dr_chen):
    with pytest.raises(NotAllowed):
        services.invite(security, by=security, at=NOON, kind="open", why="忘了")
    with pytest.raises(Refused) as refused:
        services.invite(dr_chen, by=security, at=NOON, kind="open", why=" ")
    assert refused.value.code == "why-needed"


def test_a_patient_has_no_link(security):
    patient = services.register_patient("13800006620", at=NOON)
    with pytest.raises(NotAllowed):
        services.invite(patient, by=security, at=NOON, kind="open", why="忘了")


def test_nobody_chooses_anothers_password(system):
    with pytest.raises(NotAllowed) as refused:
        services.add_staff("lina", name="李娜", roles=[], by=system, at=NOON, password=NEW)
    assert refused.value.code == "password-of-another"


def test_a_reset_ends_every_sitting_at_once(dr_chen, security):
    client = make.sitting_of(dr_chen)
    services.invite(dr_chen, by=security, at=NOON, kind="password", why="忘了")
    assert client.get("/api/v1/session").json()["signed_in"] is False


def test_a_forgotten_password_still_asks_the_second_factor(dr_chen, security, trail):
    token = services.invite(dr_chen, by=security, at=NOON, kind="password", why="忘了")
    with pytest.raises(Refused) as refused:
        opened(token, password=NEW, otp="000000")
    assert refused.value.code == "otp-wrong"
    assert "account.activate-fail" in trail()
    assert not User.objects.get(pk=dr_chen.pk).check_password(NEW)
    opened(token, password=NEW, otp=otp_of(dr_chen))
    assert User.objects.get(pk=dr_chen.pk).check_password(NEW)


def test_a_lost_factor_opens_nothing_any_more_and_the_password_proves(dr_chen, security):
    old = Factor.objects.get(user=dr_chen).secret
    token = services.invite(dr_chen, by=security, at=NOON, kind="factor", why="手机丢了")
    code = pyotp.TOTP(old).at(NOON)
    with pytest.raises(Refused):
        services.staff_by_password("chensiyuan", PASSWORD, code, device="d", at=NOON)
    with pytest.raises(Refused) as refused:
        opened(token, password="", old_password="wrong", otp=otp_for(token))
    assert refused.value.code == "password-wrong"
    opened(token, password="", old_password=PASSWORD, otp=otp_for(token))
    assert Factor.objects.get(user=dr_chen).secret != old
    later = NOON + timedelta(minutes=1)
    assert services.staff_by_password(
        "chensiyuan", PASSWORD, otp_of(dr_chen, later), device="d", at=later
    )


def test_without_a_code_of_the_new_authenticator_nothing_is_set(dr_chen, security):
    token = services.invite(dr_chen, by=security, at=NOON, kind="open", why="都丢了")
    with pytest.raises(Refused):
        opened(token, password=NEW, otp="000000")
    user = User.objects.get(pk=dr_chen.pk)
    assert not user.has_usable_password()
    assert user.factor_set_at is None


def test_guesses_at_a_link_are_counted(dr_chen, security):
    token = services.invite(dr_chen, by=security, at=NOON, kind="password", why="忘了")
    for _time in range(5):
        with pytest.raises(Refused):
            opened(token, password=NEW, otp="000000")
    with pytest.raises(TooMany):
        opened(token, password=NEW, otp=otp_of(dr_chen))


def test_the_database_refuses_a_link_of_ones_own_and_two_at_once(dr_chen, security):
    row = {"kind": "open", "made_at": NOON, "expires_at": NOON + timedelta(days=1)}
    with pytest.raises(DatabaseError), transaction.atomic():
        Activation.objects.create(user=dr_chen, made_by=dr_chen, digest="a", **row)
    Activation.objects.create(user=dr_chen, made_by=security, digest="b", **row)
    with pytest.raises(DatabaseError), transaction.atomic():
        Activation.objects.create(user=dr_chen, made_by=security, digest="c", **row)


def test_the_very_first_people_get_a_link_from_the_command(capsys, db):
    call_command("add_staff", "an", name="安平", role=["system_admin"])
    said = capsys.readouterr().out
    token = said.rpartition("#")[2].strip()
    at = database_now()
    opened(token, at=at, password=NEW, otp=otp_for(token, at))
    assert User.objects.get(username="an").check_password(NEW)


# --- at the same moment -------------------------------------------------------------------------
@real
def test_of_two_who_use_a_link_at_once_one_gets_in(trail):
    user = make.doctor().user
    token = services.invite(user, by=None, at=NOON, kind="open")
    found, code = services.activation_of(token, at=NOON), otp_for(token)
    one = lambda: services.activate(found, at=NOON, password=NEW, otp=code)  # noqa: E731
    two = lambda: services.activate(found, at=NOON, password=f"{NEW}-2", otp=code)  # noqa: E731
    outcomes = at_once(one, two)
    assert sorted(type(each).__name__ for each in outcomes) == ["User", "WrongState"]
    assert trail().count("account.activate") == 1


@real
def test_without_the_lock_both_would(monkeypatch, trail):
    """The negative control."""
    user = make.doctor().user
    token = services.invite(user, by=None, at=NOON, kind="open")
    found, code = services.activation_of(token, at=NOON), otp_for(token)
    monkeypatch.setattr(selectors, "locked", lambda each: User.objects.get(pk=each.pk))
    read = lambda each: Activation.objects.get(pk=each.pk)  # noqa: E731
    both = threading.Barrier(2)

    def unlocked(each):
        row = read(each)
        both.wait(timeout=10)
        return row

    monkeypatch.setattr(selectors, "locked_activation", unlocked)
    at_once(
        lambda: services.activate(found, at=NOON, password=NEW, otp=code),
        lambda: services.activate(found, at=NOON, password=f"{NEW}-2", otp=code),
    )
    assert trail().count("account.activate") == 2


@real
def test_parallel_guesses_gain_nothing():
    """Twenty at once from one address: five are compared, the others are turned away unseen."""
    make.doctor()
    guess = lambda: services.staff_by_password(  # noqa: E731
        "chensiyuan", "wrong", "000000", device="thief", at=NOON
    )
    outcomes = [type(each).__name__ for each in at_once(*[guess] * 20)]
    assert outcomes.count("Refused") == 5
    assert outcomes.count("TooMany") == 15


@real
def test_a_dynamic_code_proves_once_however_many_try_at_once():
    user = make.doctor().user
    code = otp_of(user)
    outcomes = at_once(*[lambda: services.verify(user, code, at=NOON)] * 4)
    assert sum(isinstance(each, Verification) for each in outcomes) == 1


# --- guesses ------------------------------------------------------------------------------------
def attempt(password, *, device="thief", at=NOON, otp="000000"):
    return services.staff_by_password("chensiyuan", password, otp, device=device, at=at)


def fail_from_everywhere(times):
    """Each guess from another address."""
    refused = []
    for number in range(times):
        with context.entering(context.RequestContext(ip=f"10.1.{number // 250}.{number % 250}")):
            try:
                attempt("wrong")
            except Refused as refusal:
                refused.append(refusal.code)
    return refused


def test_a_spread_attack_is_slowed_and_the_doctors_own_browser_is_not(dr_chen):
    Device.objects.create(user=dr_chen, digest=devices.digest("own"), seen_at=NOON)
    outcomes = fail_from_everywhere(60)
    assert outcomes.count("sign-in-failed") == 50
    assert outcomes.count("too-many") == 10
    with pytest.raises(TooMany):
        attempt(PASSWORD, device="a new one", otp=otp_of(dr_chen))
    assert attempt(PASSWORD, device="own", otp=otp_of(dr_chen)).pk == dr_chen.pk


def test_dynamic_codes_are_not_guessed_by_proving_again(dr_chen):
    for _time in range(5):
        with pytest.raises(Refused) as refused:
            services.verify(dr_chen, "000000", at=NOON)
        assert refused.value.code == "otp-wrong"
    with pytest.raises(TooMany):
        services.verify(dr_chen, otp_of(dr_chen), at=NOON)
    later = NOON + timedelta(minutes=16)
    assert services.verify(dr_chen, otp_of(dr_chen, later), at=later)


@pytest.mark.parametrize("typed", ["CHENSIYUAN", " ｃｈｅｎｓｉｙｕａｎ ", "ChenSiyuan"])
def test_a_user_name_is_one_however_it_is_typed(dr_chen, typed):
    code = otp_of(dr_chen)
    assert services.staff_by_password(typed, PASSWORD, code, device="d", at=NOON).pk == dr_chen.pk


# --- sittings -----------------------------------------------------------------------------------
def signed_in(user, *, ahead):
    """In a new browser, with the code of another half minute."""
    browser = Client()
    otp = pyotp.TOTP(user.factor.secret).at(database_now() + timedelta(seconds=30 * ahead))
    Factor.objects.update(last_step=0)
    form = {"username": user.username, "password": PASSWORD, "otp": otp}
    assert browser.post("/sign-in/staff/", form).status_code == 302
    return browser


def alive(browser):
    return browser.get("/api/v1/session").json()["signed_in"]


def test_staff_sit_in_three_places_and_the_oldest_ends(dr_chen, trail):
    browsers = [signed_in(dr_chen, ahead=0) for _place in range(settings.SITTINGS_AT_ONCE)]
    assert all(alive(each) for each in browsers)
    newest = signed_in(dr_chen, ahead=0)
    assert [alive(each) for each in browsers] == [False, True, True]
    assert alive(newest)
    assert [event.facts["why"] for event in trail("account.end-sitting")] == ["too-many"]
    assert Notice.objects.filter(to=dr_chen, kind="account.end-sitting").count() == 1


def test_one_ends_all_ones_other_sittings(dr_chen):
    here, there, third = (make.sitting_of(dr_chen) for _place in range(3))
    other = make.sitting_of(make.pharmacist().user)
    here.post("/me/sittings/end/")
    assert [alive(each) for each in (here, there, third, other)] == [True, False, False, True]


@pytest.mark.parametrize(("minutes", "here"), [(-1, False), (1, True)])
def test_whatever_is_done_a_sitting_ends_after_its_hours(dr_chen, minutes, here):
    client = make.sitting_of(dr_chen)
    Sitting.objects.update(expire_date=database_now() + timedelta(minutes=minutes))
    assert alive(client) is here


def test_a_sitting_of_staff_has_the_limits_of_staff(dr_chen):
    signed_in(dr_chen, ahead=0)
    sitting = Sitting.objects.get(user=dr_chen)
    idle, absolute = settings.SESSION_LIMITS["staff"]
    assert sitting.idle_seconds == idle.total_seconds() == 15 * 60
    assert sitting.expire_date - sitting.signed_in_at == absolute == timedelta(hours=8)


# --- what nobody uses ---------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "active"), [(89, True), (90, False)])
def test_an_account_that_nobody_used_for_ninety_days_is_closed(dr_chen, days, active, trail):
    at = database_now()
    User.objects.filter(pk=dr_chen.pk).update(last_login=at - timedelta(days=days))
    sweeping.sweep(at=at)
    assert User.objects.get(pk=dr_chen.pk).is_active is active
    closed = [e.facts["why"] for e in trail("account.disable")]
    assert closed == ([] if active else ["unused"])


def test_who_was_opened_again_is_not_closed_the_next_minute(dr_chen, system):
    at = database_now()
    User.objects.filter(pk=dr_chen.pk).update(last_login=at - timedelta(days=100))
    sweeping.sweep(at=at)
    services.enable(User.objects.get(pk=dr_chen.pk), by=system, at=at, why="返岗")
    sweeping.sweep(at=at + timedelta(minutes=1))
    assert User.objects.get(pk=dr_chen.pk).is_active


def test_patients_and_the_demonstration_are_not_closed(dr_chen):
    long_ago = database_now() - timedelta(days=400)
    patient = services.register_patient("13800006620", at=NOON)
    User.objects.filter(pk=dr_chen.pk).update(is_demo=True)
    User.objects.update(last_login=long_ago)
    sweeping.sweep(at=database_now())
    assert User.objects.get(pk=patient.pk).is_active
    assert User.objects.get(pk=dr_chen.pk).is_active


def test_production_has_no_demonstration_people(dr_chen, settings):
    settings.PRODUCTION = True
    found = lambda: checks.production_has_no_demonstration_people(None, ["default"])  # noqa: E731
    assert found() == []
    User.objects.filter(pk=dr_chen.pk).update(is_demo=True)
    assert [each.id for each in found()] == ["hospital.E020"]
    settings.PRODUCTION = False
    assert found() == []
