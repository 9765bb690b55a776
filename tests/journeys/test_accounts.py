from datetime import timedelta

import pyotp
import pytest
from django.db import DatabaseError, connection, transaction

from hospital.accounts import codes, factors, services
from hospital.accounts.models import Code, User
from hospital.accounts.roles import Role
from hospital.kernel.refusals import Refused, TooMany
from hospital.notifications import gateways
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(monkeypatch):
    """The texts that the provider was handed: (phone, code)."""
    sent = []
    monkeypatch.setattr(
        gateways, "send_sms", lambda phone, **how: sent.append((phone, how["params"]["code"]))
    )
    return sent


@pytest.fixture
def dr_chen():
    user = services.add_staff(
        "chensiyuan",
        name="陈思远",
        password="a long enough secret",
        roles=["doctor"],
        by=None,
        at=NOON,
    )
    factors.enrol(user)
    return user


def otp_of(user, at=NOON):
    return pyotp.TOTP(user.factor.secret).at(at)


def test_a_texted_code_opens_an_account_for_a_new_phone(texts, trail):
    code = codes.ask("13800006620", purpose="sign-in", at=NOON)
    user = services.patient_by_code(code.public_id, texts[0][1], at=NOON)
    assert (user.phone, user.roles) == ("13800006620", [Role.PATIENT])
    assert trail() == ["code.ask", "account.register"]


def test_the_same_phone_comes_back_to_the_same_account(texts):
    first = codes.ask("13800006620", purpose="sign-in", at=NOON)
    user = services.patient_by_code(first.public_id, texts[0][1], at=NOON)
    later = NOON + timedelta(minutes=2)
    second = codes.ask("13800006620", purpose="sign-in", at=later)
    assert services.patient_by_code(second.public_id, texts[1][1], at=later).pk == user.pk


def test_a_code_is_good_once(texts):
    code = codes.ask("13800006620", purpose="sign-in", at=NOON)
    services.patient_by_code(code.public_id, texts[0][1], at=NOON)
    with pytest.raises(Refused) as refused:
        services.patient_by_code(code.public_id, texts[0][1], at=NOON)
    assert refused.value.code == "code-expired"


def test_a_code_is_good_for_its_purpose_only(texts):
    code = codes.ask("13800006620", purpose="change-phone", at=NOON)
    with pytest.raises(Refused):
        services.patient_by_code(code.public_id, texts[0][1], at=NOON)


@pytest.mark.parametrize(("seconds", "good"), [(299, True), (300, False)])
def test_a_code_lives_five_minutes(texts, seconds, good):
    code = codes.ask("13800006620", purpose="sign-in", at=NOON)
    later = NOON + timedelta(seconds=seconds)
    if good:
        assert services.patient_by_code(code.public_id, texts[0][1], at=later)
    else:
        with pytest.raises(Refused):
            services.patient_by_code(code.public_id, texts[0][1], at=later)


def test_after_five_wrong_tries_the_right_code_no_longer_opens(texts):
    code = codes.ask("13800006620", purpose="sign-in", at=NOON)
    wrong = "000000" if texts[0][1] != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(Refused):
            services.patient_by_code(code.public_id, wrong, at=NOON)
    with pytest.raises(Refused) as refused:
        services.patient_by_code(code.public_id, texts[0][1], at=NOON)
    assert refused.value.code == "code-expired"


def test_codes_are_texted_once_a_minute(texts):
    codes.ask("13800006620", purpose="sign-in", at=NOON)
    with pytest.raises(TooMany):
        codes.ask("13800006620", purpose="sign-in", at=NOON + timedelta(seconds=59))
    codes.ask("13800006620", purpose="sign-in", at=NOON + timedelta(seconds=61))
    assert len(texts) == 2


def test_neither_the_code_nor_the_phone_stands_readable_in_the_database(texts):
    codes.ask("13800006620", purpose="sign-in", at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM accounts_code c")
        (row,) = cursor.fetchone()
    assert "13800006620" not in row
    assert texts[0][1] not in Code.objects.get().digest


def test_staff_need_password_and_second_factor(dr_chen):
    user = services.staff_by_password(
        "ChenSiyuan", "a long enough secret", otp_of(dr_chen), device="d", at=NOON
    )
    assert user.pk == dr_chen.pk


@pytest.mark.parametrize(
    ("password", "otp"),
    [("wrong", "right"), ("a long enough secret", "000000"), ("wrong", "000000")],
)
def test_either_one_wrong_sounds_the_same(dr_chen, password, otp):
    given = otp_of(dr_chen) if otp == "right" else otp
    with pytest.raises(Refused) as refused:
        services.staff_by_password("chensiyuan", password, given, device="d", at=NOON)
    assert refused.value.code == "sign-in-failed"


def test_a_second_factor_code_is_good_once(dr_chen):
    code = otp_of(dr_chen)
    services.staff_by_password("chensiyuan", "a long enough secret", code, device="d", at=NOON)
    with pytest.raises(Refused):
        services.staff_by_password("chensiyuan", "a long enough secret", code, device="d", at=NOON)


def test_five_wrong_passwords_lock_the_address_for_a_quarter_hour(dr_chen):
    for _ in range(5):
        with pytest.raises(Refused):
            services.staff_by_password("chensiyuan", "wrong", "000000", device="d", at=NOON)
    with pytest.raises(TooMany) as refused:
        services.staff_by_password(
            "chensiyuan", "a long enough secret", otp_of(dr_chen), device="d", at=NOON
        )
    assert refused.value.facts["retry_after"] <= 15 * 60 + 1
    later = NOON + timedelta(minutes=16)
    assert services.staff_by_password(
        "chensiyuan", "a long enough secret", otp_of(dr_chen, later), device="d", at=later
    )


@pytest.mark.parametrize(
    "column", [{"is_superuser": True}, {"username": None, "phone_index": None}]
)
def test_the_database_refuses_superusers_and_accounts_without_a_way_in(dr_chen, column):
    with pytest.raises(DatabaseError), transaction.atomic():
        User.objects.filter(pk=dr_chen.pk).update(**column)


@pytest.mark.parametrize(
    "pair",
    [
        ("system_admin", "audit_admin"),
        ("system_admin", "security_admin"),
        ("security_admin", "audit_admin"),
    ],
)
def test_the_database_keeps_the_three_administrators_apart(dr_chen, pair):
    with pytest.raises(DatabaseError), transaction.atomic():
        User.objects.filter(pk=dr_chen.pk).update(roles=list(pair))
