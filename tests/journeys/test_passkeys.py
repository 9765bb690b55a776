"""Passkeys, with an authenticator in software: the lawful way, and each lie about it."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from hospital.accounts import guesses, stepping_up
from hospital.accounts.models import Challenge, Passkey, Sitting
from hospital.kernel.clock import database_now
from tests import consulting, make
from tests.softkey import PRESENT, SoftKey

pytestmark = pytest.mark.django_db
HOST = "localhost"
PASSWORD = "a long enough secret"


@pytest.fixture(autouse=True)
def _at_localhost(monkeypatch):
    """An IP address has no passkeys; a demonstration has them at localhost."""
    monkeypatch.setattr("tests.make.Client", lambda: Client(SERVER_NAME=HOST))


@pytest.fixture
def doctor():
    return make.doctor().user


@pytest.fixture
def patient():
    return consulting.account("13800006620", "王秀兰")


def post(client, path, body=None):
    return client.post(path, json.dumps(body or {}), content_type="application/json")


def asked(client, what):
    answer = post(client, f"/api/v1/{what}/challenge")
    assert answer.status_code == 201, answer.content
    return answer.json()["publicKey"]


def added(client, user, **lies):
    key = SoftKey(handle=user.public_id.bytes)
    answer = post(
        client, "/api/v1/passkeys", {"passkey": key.make(asked(client, "passkeys"), **lies)}
    )
    return key, answer


@pytest.fixture
def of_doctor(doctor):
    client = make.sitting_of(doctor)
    key, answer = added(client, doctor)
    assert answer.status_code == 201, answer.content
    return key


@pytest.fixture
def of_patient(patient):
    key, answer = added(make.sitting_of(patient), patient)
    assert answer.status_code == 201, answer.content
    return key


def test_one_adds_a_passkey_in_a_fresh_sitting_and_not_in_a_stale_one(doctor, trail):
    stale = make.sitting_of(doctor, fresh=False)
    assert post(stale, "/api/v1/passkeys/challenge").json()["code"] == "step-up"
    assert post(stale, "/api/v1/passkeys", {"passkey": {}}).json()["code"] == "step-up"
    _key, answer = added(make.sitting_of(doctor), doctor)
    assert answer.status_code == 201
    assert Passkey.objects.get().user == doctor
    assert "account.passkey-add" in trail()


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"host": "evil.example"},
        {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
        {"flags": PRESENT},
        {"type": "webauthn.get"},
    ],
    ids=lambda lie: next(iter(lie)),
)
def test_a_key_pair_that_was_made_otherwise_is_not_kept(doctor, lie):
    _key, answer = added(make.sitting_of(doctor), doctor, **lie)
    assert (answer.status_code, answer.json()["code"]) == (400, "passkey-wrong")
    assert not Passkey.objects.exists()


def enter(client, key, **lies):
    return post(
        client,
        "/api/v1/sign-in/passkey",
        {"passkey": key.sign(asked(client, "sign-in/passkey"), **lies)},
    )


def test_a_patient_signs_in_by_it_alone(patient, of_patient):
    client = Client(SERVER_NAME=HOST)
    assert enter(client, of_patient).status_code == 201
    assert client.get("/api/v1/session").json()["public_id"] == str(patient.public_id)
    session = Sitting.objects.get(user=patient, signed_in_at__isnull=False).pk
    assert patient.verifications.get(session=session).method == "passkey"
    assert stepping_up.is_fresh(patient, session)
    assert Passkey.objects.get().used_at is not None


def test_of_staff_it_alone_opens_nothing(of_doctor):
    client = Client(SERVER_NAME=HOST)
    answer = enter(client, of_doctor)
    assert (answer.status_code, answer.json()["code"]) == (400, "passkey-wrong")
    assert client.get("/api/v1/session").json()["signed_in"] is False


LIES = {
    "another origin": {"origin": "https://evil.example"},
    "another host": {"host": "evil.example"},
    "another challenge": {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    "nobody verified": {"flags": PRESENT},
    "nobody present": {"flags": 0x04},
    "another key": {"by": ec.generate_private_key(ec.SECP256R1())},
    "another's handle": {"handle": b"somebody else..."},
    "made, not signed": {"type": "webauthn.create"},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_what_was_signed_otherwise_opens_nothing(of_patient, lie):
    client = Client(SERVER_NAME=HOST)
    answer = enter(client, of_patient, **lie)
    assert (answer.status_code, answer.json()["code"]) == (400, "passkey-wrong")
    assert client.get("/api/v1/session").json()["signed_in"] is False


def test_an_answer_is_good_once(patient, of_patient):
    client = Client(SERVER_NAME=HOST)
    answer = of_patient.sign(asked(client, "sign-in/passkey"))
    assert post(client, "/api/v1/sign-in/passkey", {"passkey": answer}).status_code == 201
    again = post(client, "/api/v1/sign-in/passkey", {"passkey": answer})
    assert again.json()["code"] == "passkey-wrong"


def test_a_wrong_answer_spends_the_challenge_too(of_patient):
    client = Client(SERVER_NAME=HOST)
    options = asked(client, "sign-in/passkey")
    wrong = of_patient.sign(options, origin="https://evil.example")
    assert post(client, "/api/v1/sign-in/passkey", {"passkey": wrong}).status_code == 400
    right = of_patient.sign(options)
    assert post(client, "/api/v1/sign-in/passkey", {"passkey": right}).status_code == 400


def test_an_answer_is_good_in_the_session_that_asked(of_patient):
    options = asked(Client(SERVER_NAME=HOST), "sign-in/passkey")
    thief = Client(SERVER_NAME=HOST)
    asked(thief, "sign-in/passkey")
    answer = post(thief, "/api/v1/sign-in/passkey", {"passkey": of_patient.sign(options)})
    assert answer.json()["code"] == "passkey-wrong"


def test_an_answer_is_good_for_its_purpose(patient, of_patient):
    client = make.sitting_of(patient)
    options = asked(client, "verify/passkey")
    answer = post(client, "/api/v1/sign-in/passkey", {"passkey": of_patient.sign(options)})
    assert answer.json()["code"] == "passkey-wrong"


@pytest.mark.parametrize(("seconds", "good"), [(-1, False), (30, True)])
def test_a_challenge_lives_five_minutes(of_patient, seconds, good):
    client = Client(SERVER_NAME=HOST)
    options = asked(client, "sign-in/passkey")
    at = database_now()
    assert Challenge.objects.get().expires_at - at <= timedelta(minutes=5)
    Challenge.objects.update(expires_at=at + timedelta(seconds=seconds))
    answer = post(client, "/api/v1/sign-in/passkey", {"passkey": of_patient.sign(options)})
    assert (answer.status_code == 201) is good


def test_a_counter_that_goes_back_is_refused_and_noted(of_patient, trail):
    assert enter(Client(SERVER_NAME=HOST), of_patient).status_code == 201
    answer = enter(Client(SERVER_NAME=HOST), of_patient, count=1)
    assert (answer.status_code, answer.json()["code"]) == (400, "passkey-cloned")
    assert "account.passkey-cloned" in trail()
    assert Passkey.objects.get().count == 1
    assert enter(Client(SERVER_NAME=HOST), of_patient, count=2).status_code == 201


def test_a_device_that_never_counts_is_well(of_patient):
    Passkey.objects.update(count=0)
    for _time in range(2):
        assert enter(Client(SERVER_NAME=HOST), of_patient, count=0).status_code == 201


# --- staff: instead of the dynamic code -------------------------------------------------------
def sign_in(client, key, password=PASSWORD, username="chensiyuan", **lies):
    answer = key.sign(asked(client, "sign-in/passkey"), **lies)
    body = {"username": username, "password": password, "passkey": answer}
    return post(client, "/api/v1/sign-in/staff", body)


def test_staff_sign_in_by_password_and_passkey(doctor, of_doctor):
    client = Client(SERVER_NAME=HOST)
    assert sign_in(client, of_doctor).status_code == 201
    assert doctor.verifications.latest("at").method == "passkey"


def test_staff_sign_in_by_page_with_a_passkey(doctor, of_doctor):
    client = Client(SERVER_NAME=HOST)
    page = client.get("/sign-in/staff/").content.decode()
    assert "/api/v1/sign-in/passkey/challenge" in page
    answer = json.dumps(of_doctor.sign(asked(client, "sign-in/passkey")))
    form = {"username": "chensiyuan", "password": PASSWORD, "otp": "", "passkey": answer}
    assert client.post("/sign-in/staff/", form).status_code == 302
    assert client.get("/api/v1/session").json()["signed_in"] is True


def test_a_wrong_password_beside_a_right_passkey_opens_nothing(of_doctor):
    answer = sign_in(Client(SERVER_NAME=HOST), of_doctor, password="wrong")
    assert (answer.status_code, answer.json()["code"]) == (400, "sign-in-failed")


def test_anothers_passkey_beside_the_right_password_opens_nothing(of_doctor):
    other = make.pharmacist().user
    key, answer = added(make.sitting_of(other), other)
    assert answer.status_code == 201
    answer = sign_in(Client(SERVER_NAME=HOST), key)
    assert (answer.status_code, answer.json()["code"]) == (400, "sign-in-failed")


def test_staff_step_up_by_a_passkey(doctor, of_doctor):
    client = make.sitting_of(doctor, fresh=False)
    session = Sitting.objects.filter(user=doctor).latest("seen_at").pk
    assert not stepping_up.is_fresh(doctor, session)
    answer = json.dumps(of_doctor.sign(asked(client, "verify/passkey")))
    done = client.post("/me/verify/", {"passkey": answer, "next": "/doctor/"})
    assert done["Location"] == "/doctor/"
    assert stepping_up.is_fresh(doctor, session)


def test_anothers_passkey_proves_nothing_of_me(doctor, of_patient):
    client = make.sitting_of(doctor, fresh=False)
    answer = of_patient.sign(asked(client, "verify/passkey"))
    refused = post(client, "/api/v1/verify", {"passkey": answer})
    assert (refused.status_code, refused.json()["code"]) == (400, "passkey-wrong")


# --- one's own --------------------------------------------------------------------------------
def test_one_removes_ones_own_and_nobody_elses(patient, of_patient, doctor, of_doctor):
    mine, foreign = Passkey.objects.get(user=patient), Passkey.objects.get(user=doctor)
    client = make.sitting_of(patient)
    assert client.delete(f"/api/v1/passkeys/{foreign.public_id}").status_code == 404
    assert client.delete(f"/api/v1/passkeys/{mine.public_id}").status_code == 204
    assert enter(Client(SERVER_NAME=HOST), of_patient).status_code == 400


def test_the_last_second_factor_of_staff_stays(doctor, of_doctor):
    passkey = Passkey.objects.get(user=doctor)
    client = make.sitting_of(doctor)
    doctor.factor.delete()
    refused = client.delete(f"/api/v1/passkeys/{passkey.public_id}")
    assert (refused.status_code, refused.json()["code"]) == (409, "last-factor")
    _key, answer = added(client, doctor)
    assert answer.status_code == 201
    assert client.delete(f"/api/v1/passkeys/{passkey.public_id}").status_code == 204


def test_the_same_key_pair_is_kept_once(doctor, of_doctor):
    client = make.sitting_of(doctor)
    again = post(client, "/api/v1/passkeys", {"passkey": of_doctor.make(asked(client, "passkeys"))})
    assert (again.status_code, again.json()["code"]) == (409, "passkey-known")


def test_the_page_of_methods_shows_ones_own(doctor, of_doctor):
    Passkey.objects.update(name="科室电脑")
    page = make.sitting_of(doctor).get("/me/sign-in-methods/").content.decode()
    assert "科室电脑" in page
    assert "/api/v1/passkeys/challenge" in page


def test_at_an_ip_address_no_page_offers_passkeys_and_no_door_takes_one(doctor, settings):
    client = Client(SERVER_NAME="127.0.0.1")
    for page in ("/sign-in/", "/sign-in/staff/"):
        assert "data-passkey" not in client.get(page).content.decode()
    refused = post(client, "/api/v1/sign-in/passkey/challenge")
    assert (refused.status_code, refused.json()["code"]) == (403, "passkeys-off")


def test_the_platforms_own_name_is_the_host_of_its_passkeys(of_patient, settings):
    """Whatever a request calls itself: the origin is the public address."""
    settings.PUBLIC_URL = "https://hospital.example"
    client = Client(SERVER_NAME=HOST)
    options = asked(client, "sign-in/passkey")
    assert options["rpId"] == "hospital.example"
    answer = of_patient.sign(options)  # of localhost
    assert post(client, "/api/v1/sign-in/passkey", {"passkey": answer}).status_code == 400


@pytest.mark.parametrize("junk", ["", "x", "{}", "[]", "null", '{"id": 1}', '{"response": {}}'])
def test_junk_is_refused_politely(patient, junk):
    client = Client(SERVER_NAME=HOST)
    client.get("/sign-in/")
    answer = client.post("/sign-in/passkey/", {"passkey": junk})
    assert answer.status_code == 422
    assert "通行密钥没有核验成功" in answer.content.decode()


def test_thirty_wrong_ones_from_one_address_are_enough(of_patient, monkeypatch):
    monkeypatch.setattr(guesses, "PASSKEY", guesses.Limit("passkey", 2, timedelta(minutes=15)))
    for _time in range(2):
        enter(Client(SERVER_NAME=HOST), of_patient, flags=PRESENT)
    assert enter(Client(SERVER_NAME=HOST), of_patient).status_code == 429
