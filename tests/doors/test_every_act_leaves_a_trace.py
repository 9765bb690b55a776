"""Whoever changes something, and whoever here is shown a patient's data, leaves an event in the
same request (8.1.4.3a, ASVS 16.3): a pass through the doors, and a walk that finds those left out.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict

import pytest
from django.test import Client

from audit.models import Event
from hospital.accounts import codes
from hospital.accounts.access import ENTRIES
from hospital.accounts.doors import every_door
from hospital.consultations.lifecycle import State as Visit
from hospital.kernel.clock import database_now
from prescriptions import services as prescribe
from prescriptions.lifecycle import State
from tests import consulting, make, prescribing
from tests.conftest import as_auditor
from tests.databases import ROOT
from tests.doors.matrix import undone
from tests.doors.test_matrix import ask, tries_at, voices, whom
from tests.doors.world import world  # noqa: F401 - a fixture

db = pytest.mark.django_db
DOORS = [door for door in every_door() if door.kind == "route"]
UNSAFE = {door.name: door for door in DOORS if door.method not in {"", "GET"}}
READING = {
    door.name: door
    for door in DOORS
    if door.method == "GET" and ENTRIES[door.entry].reads and "<" in door.where
}
LEAVE_NONE = {  # door: why a success there is nothing that anybody would ask about
    "POST /size/": "how large one's own letters are",
    "POST /language/": "the language of one's own pages",
    "POST /inbox/<uuid:public_id>/read/": "that one has seen a notice to oneself",
    "POST /receipts/": "a question; anybody may check a receipt",
    "POST /activate/": "a look whether the link is good; a bad one is an event",
    "POST /pay/<uuid:public_id>/check/": "a question to the gateway; money that came is an event",
    "POST /api/v1/consultations/eligibility": "a question; what it answers is not kept",
    "POST /me/patients/<uuid:public_id>/refresh/": "a question to the hospital's own system",
    "POST /api/v1/patients/<uuid:public_id>/refresh": "a question to the hospital's own system",
    "POST /api/v1/sign-in/passkey/challenge": "a random number; what is done with it is an event",
    "POST /api/v1/passkeys/challenge": "a random number; what is done with it is an event",
    "POST /api/v1/verify/passkey/challenge": "a random number; what is done with it is an event",
    "POST /me/acting/": "for whom one's own pages are; what is done for them is an event",
    "GET /consultations/<uuid:public_id>/": "leads a doctor to the workspace, which is a door here",
    "GET /consultations/<uuid:public_id>/state/": "a fragment of the patient's own page",
}
# Where the world of the matrix only knocks, because it lacks a secret or the step is done already:
# the test in which the door is passed. These run here with every request traced.
_A, _D, _R = "doors/test_accounts_doors", "doors/test_three_admins", "doors/test_rights_doors"
_K, _P, _S = "journeys/test_passkeys", "journeys/test_phones", "journeys/test_step_up"
_W, _H, _C = "journeys/test_recollection", "doors/test_patients_doors", "journeys/test_codes"
_SWITCH = "test_the_switch_is_turned_with_and_without_javascript"
_CODES = "test_known_and_unknown_numbers_hear_the_same_at_every_door"
_LINK = "test_a_new_account_comes_with_a_link_that_is_shown_once"
_ADDS = "test_one_adds_a_passkey_in_a_fresh_sitting_and_not_in_a_stale_one"
_AFRESH = "test_who_starts_afresh_gets_an_empty_account_and_the_old_one_keeps_its_record"
OTHERWISE = {
    "POST /activate/now/": (
        "journeys/test_identity",
        "test_the_invited_person_lands_sets_both_and_is_in",
    ),
    "POST /admin/accounts/user/<path:object_id>/invite/": (_D, _LINK),
    "POST /admin/patients/consentdraft/new/": (_R, "test_medical_affairs_write_and_publish_a_text"),
    "POST /admin/policy/version/publish/": (
        "doors/test_admin_doors",
        "test_medical_affairs_publish_what_they_changed_and_nothing_else",
    ),
    "POST /api/v1/me/phone": (_P, "test_the_way_by_json"),
    "PUT /api/v1/me/phone": (_P, "test_the_way_by_json"),
    "POST /me/phone/": (_P, "test_other_sessions_end_and_this_one_goes_on"),
    "POST /me/phone/codes/": (_P, "test_other_sessions_end_and_this_one_goes_on"),
    "POST /api/v1/passkeys": (_K, _ADDS),
    "POST /api/v1/sign-in/passkey": (_K, "test_an_answer_is_good_once"),
    "POST /api/v1/patients": (_H, "test_registering_over_the_api"),
    "POST /me/patients/new/": (_H, "test_step_by_step_from_nobody_to_a_full_record"),
    "POST /me/patients/<uuid:public_id>/consent/": (
        _H,
        "test_step_by_step_from_nobody_to_a_full_record",
    ),
    "POST /me/patients/<uuid:public_id>/consent/code/": (
        _H,
        "test_an_elder_says_yes_on_the_helpers_screen",
    ),
    "POST /me/patients/<uuid:public_id>/consent/give/": (
        _R,
        "test_every_purpose_is_one_tap_away_both_ways",
    ),
    "POST /api/v1/patients/<uuid:public_id>/consents": (
        _H,
        "test_health_consents_addresses_over_the_api",
    ),
    "POST /api/v1/patients/codes": (_C, _CODES),
    "POST /me/patients/<uuid:public_id>/copy/": (
        _R,
        "test_the_page_offers_a_copy_and_the_button_has_it_made",
    ),
    "POST /me/data/close/": (_R, "test_leaving_says_what_stays_asks_twice_and_ends_the_session"),
    "POST /prescriptions/<uuid:public_id>/collect/": (
        _R,
        "test_a_packed_parcel_is_fetched_at_the_window_instead",
    ),
    "POST /sign-in/": (_A, "test_a_patient_signs_in_by_pages"),
    "POST /sign-in/code/": (_A, "test_a_patient_signs_in_by_pages"),
    "POST /api/v1/sign-in/code": (_A, "test_a_program_signs_in_by_json"),
    "POST /api/v1/sign-in": (_A, "test_a_program_signs_in_by_json"),
    "POST /sign-in/staff/": (_A, "test_staff_sign_in_by_page_and_by_json"),
    "POST /api/v1/sign-in/staff": (_A, "test_staff_sign_in_by_page_and_by_json"),
    "POST /api/v1/verify": (_A, "test_the_same_post_twice_has_one_effect_and_one_answer"),
    "POST /sign-in/recall/": (_W, "test_the_way_by_pages"),
    "POST /me/enrol/": (_S, "test_enrolling_makes_ready_proves_and_ends_other_sittings"),
    "POST /me/password/": ("doors/test_every_act_leaves_a_trace", "test_a_new_password"),
    "POST /me/verify/": (_S, "test_the_page_leads_to_the_proof_and_back_and_the_draft_is_kept"),
    "POST /me/verify/code/": (_S, "test_a_patient_steps_up_by_a_code_to_their_own_phone"),
    "POST /callbacks/courier": (
        "doors/test_prescription_doors",
        "test_the_couriers_word_counts_once",
    ),
    "POST /callbacks/wechat": (
        "doors/test_payments_doors",
        "test_a_true_notification_settles_without_session_or_token",
    ),
    "POST /doctor/account/credential/": (
        "doors/test_doctors_doors",
        "test_a_licence_is_handed_in_and_waits",
    ),
    "POST /doctor/settings/receiving/": ("doors/test_doctors_doors", _SWITCH),
}
BY_SERVICE = {  # not passed over HTTP in any test: where its service is seen to leave the event
    "POST /sign-in/afresh/": (_W, _AFRESH),
    "POST /api/v1/sign-in/afresh": (_W, _AFRESH),
    "POST /api/v1/sign-in/recall": (_W, "test_who_remembers_the_record_comes_in"),
    "POST /api/v1/verify/code": (_S, "test_a_patient_steps_up_by_a_code_to_their_own_phone"),
    "POST /sign-in/code/again/": (_A, "test_a_patient_signs_in_by_pages"),
    "POST /sign-in/passkey/": (_K, "test_an_answer_is_good_once"),
    "POST /me/passkeys/": (_K, _ADDS),
}


@pytest.fixture
def cast():
    return prescribing.cast(at=database_now())


@pytest.fixture
def who(cast):
    """Browsers of the three who meet in a visit."""
    return {
        "patient": make.sitting_of(cast.user),
        "doctor": make.sitting_of(cast.doctor.user),
        "pharmacist": make.sitting_of(cast.pharmacist.user),
    }


def send(client, address, body=None, *, method="post"):
    if address.startswith("/api/"):
        return getattr(client, method)(
            address, json.dumps(body or {}), content_type="application/json"
        )
    return client.post(address, body or {})


def kinds_left(answer, trail) -> set[str]:
    assert answer.status_code < 400, answer.content.decode()[:600]
    return {e.kind for e in _events(trail) if e.request_id == answer["X-Request-Id"]}


def _events(trail):
    kinds = set(trail())
    return [event for kind in kinds for event in trail(kind)]


def visit(cast, state):
    user, patient = consulting.account("13800007777", "李四"), None
    who = consulting.person(
        "李四", "13800007777", cast.patient.birth_date, ("I10", "原发性高血压", 20),
        at=database_now(),
    )  # fmt: skip
    patient = consulting.known(user, who, at=database_now())
    return user, consulting.in_state(state, user, patient, cast.doctor, at=database_now())


ON_A_VISIT = {  # door: (state, whose, body, kind)
    "/consultations/{}/cancel/": (Visit.WAITING, "patient", {}, "consultation.cancel"),
    "/consultations/{}/rate/": (Visit.CLOSED, "patient", {"stars": "5"}, "consultation.rate"),
    "/doctor/work/{}/decline/": (
        Visit.WAITING,
        "doctor",
        {"reason": "other", "note": "请到急诊"},
        "consultation.decline",
    ),
    "/doctor/work/{}/close/": (Visit.OPEN, "doctor", {}, "consultation.close"),
    "/api/v1/consultations/{}/cancel": (Visit.WAITING, "patient", {}, "consultation.cancel"),
    "/api/v1/consultations/{}/decline": (
        Visit.WAITING,
        "doctor",
        {"reason": "other", "note": "请到急诊"},
        "consultation.decline",
    ),
    "/api/v1/consultations/{}/refer": (
        Visit.OPEN,
        "doctor",
        {"reason": "emergency", "note": "请马上到医院"},
        "consultation.refer",
    ),
}


@db
@pytest.mark.parametrize("address", ON_A_VISIT)
def test_a_step_of_a_visit(cast, who, trail, address):
    state, whose, body, kind = ON_A_VISIT[address]
    user, made = visit(cast, state)
    client = make.sitting_of(user) if whose == "patient" else who["doctor"]
    assert kind in kinds_left(send(client, address.format(made.public_id), body), trail)


ON_A_PRESCRIPTION = {  # door: (state, whose, body, kind)
    "/doctor/prescriptions/{}/void/": (State.SIGNED, "doctor", {}, "prescription.void"),
    "/doctor/prescriptions/{}/revise/": (State.RETURNED, "doctor", {}, "prescription.begin"),
    "/api/v1/prescriptions/{}/void": (State.SIGNED, "doctor", {}, "prescription.void"),
    "/api/v1/prescriptions/{}/revise": (State.RETURNED, "doctor", {}, "prescription.begin"),
    "/api/v1/prescriptions/{}/return": (
        State.SIGNED,
        "pharmacist",
        {"note": "剂量偏大"},
        "prescription.return",
    ),
    "/api/v1/prescriptions/{}/reject": (
        State.SIGNED,
        "pharmacist",
        {"note": "与诊断不符"},
        "prescription.reject",
    ),
    "/api/v1/prescriptions/{}/dispense": (
        State.APPROVED,
        "pharmacist",
        {"batches": []},
        "prescription.dispense",
    ),
    "/dispense/{}/": (State.APPROVED, "pharmacist", {"step": "dispense"}, "prescription.dispense"),
    "/api/v1/prescriptions/{}/receive": (State.DISPENSED, "pharmacist", {}, "delivery.deliver"),
    "/prescriptions/{}/receive/": (State.DISPENSED, "pharmacist", {}, "delivery.deliver"),
}


def prescribed(cast, state):
    at = database_now()
    match state:
        case State.SIGNED:
            return prescribing.signed(cast, at=at)
        case State.RETURNED:
            return prescribe.send_back(
                prescribing.signed(cast, at=at), note="剂量偏大", by=cast.pharmacist.user, at=at
            )
        case State.APPROVED:
            return prescribing.paid(cast, at=at)
        case State.DISPENSED:
            return prescribing.dispensed(cast, at=at)
    raise AssertionError(state)


@db
@pytest.mark.parametrize("address", ON_A_PRESCRIPTION)
def test_a_step_of_a_prescription(cast, who, trail, address):
    state, whose, body, kind = ON_A_PRESCRIPTION[address]
    made = prescribed(cast, state)
    assert kind in kinds_left(send(who[whose], address.format(made.public_id), body), trail)


@db
def test_handing_to_the_courier(cast, who, trail, monkeypatch):
    prescribing.Courier().open(monkeypatch)
    made = prescribing.dispensed(cast, mode="courier", at=database_now())
    address = f"/api/v1/prescriptions/{made.public_id}/ship"
    assert "delivery.ship" in kinds_left(send(who["pharmacist"], address), trail)


@db
def test_a_draft_is_changed(cast, who, trail):
    made = prescribing.draft(cast, at=database_now())
    drug = str(prescribing.drug().public_id)
    line = {"drug": drug, "dose": "5", "frequency": "qd", "days": 5}
    address = f"/api/v1/prescriptions/{made.public_id}"
    answer = send(who["doctor"], address, {"lines": [line]}, method="put")
    assert "prescription.change" in kinds_left(answer, trail)


@db
def test_coming_and_going(trail, monkeypatch):
    monkeypatch.setattr(codes.notifications, "text", lambda *_args, **_more: None)
    browser = Client()
    assert "code.ask" in kinds_left(browser.post("/sign-in/", {"phone": "13800001234"}), trail)
    again = browser.post("/sign-in/code/again/")
    assert again.status_code in {302, 422, 429}  # at most one a minute
    client = make.sitting_of(consulting.account("13800007778", "王五"))
    assert "account.sign-out" in kinds_left(client.post("/sign-out/"), trail)


@db
def test_a_new_password(cast, who, trail):
    given = {
        "old": "a long enough secret",
        "new": "Another-Secret-2026",
        "again": "Another-Secret-2026",
    }
    answer = who["doctor"].post("/me/password/", given)
    assert "account.password" in kinds_left(answer, trail), answer.content.decode()[:200]


@db
def test_proving_oneself_on_the_page(cast, who, trail):
    otp = prescribing.otp_of(cast.doctor, database_now())
    answer = who["doctor"].post("/me/verify/", {"otp": otp, "next": "/doctor/"})
    assert "account.verify" in kinds_left(answer, trail)


# Reading ------------------------------------------------------------------------------------------

READS = {  # door: (whose, what of, kind)
    "/consultations/{}/": ("doctor", "visit", None),  # leads to the workspace
    "/doctor/work/{}/": ("doctor", "visit", "consultation.read"),
    "/api/v1/consultations/{}": ("doctor", "visit", "consultation.read"),
    "/api/v1/consultations/{}/messages": ("doctor", "visit", "consultation.read"),
    "/prescribe/{}/": ("doctor", "visit", "prescription.read"),
    "/review/{}/": ("pharmacist", "prescription", "record.read"),
    "/dispense/{}/": ("pharmacist", "prescription", "prescription.read"),
    "/prescriptions/{}/": ("pharmacist", "prescription", "prescription.read"),
    "/prescriptions/{}/print/": ("doctor", "prescription", "prescription.read"),
    "/api/v1/prescriptions/{}": ("pharmacist", "prescription", "prescription.read"),
    "/record/{}/": ("doctor", "patient", "record.read"),
    "/record/{}/contact/": ("doctor", "patient", "record.read"),
    "/api/v1/patients/{}/contact?why=care": ("doctor", "patient", "record.read"),
    "/api/v1/patients/{}/record?why=care": ("doctor", "patient", "record.read"),
}


@db
@pytest.mark.parametrize("address", READS)
def test_whoever_works_here_reads_and_it_is_written_down(cast, who, trail, address):
    whose, what, kind = READS[address]
    made = prescribing.paid(cast, at=database_now())
    thing = {"visit": cast.visit, "prescription": made, "patient": cast.patient}[what]
    answer = who[whose].get(address.format(thing.public_id))
    left = kinds_left(answer, trail)
    if kind is None:
        assert answer.status_code == 302
        return
    assert kind in left
    (event,) = [e for e in trail(kind) if e.request_id == answer["X-Request-Id"]]
    assert event.about == cast.patient.public_id
    assert event.facts["why"] in {"care", "review", "dispense"}


@db
def test_patients_read_their_own_without_a_line(cast, who, trail):
    """The control: the same doors, asked by the person it is about."""
    made = prescribing.paid(cast, at=database_now())
    for address in (
        f"/consultations/{cast.visit.public_id}/",
        f"/api/v1/consultations/{cast.visit.public_id}/messages",
        f"/prescriptions/{made.public_id}/",
        f"/api/v1/prescriptions/{made.public_id}",
    ):
        assert kinds_left(who["patient"].get(address), trail) == set()


# The walk -----------------------------------------------------------------------------------------


def left_by(answer) -> list[tuple[str, str]]:
    """What the request wrote: kinds, and the patients they are about."""
    with as_auditor():
        found = Event.objects.filter(request_id=answer["X-Request-Id"], outcome="done")
        return list(found.values_list("kind", "about"))


@pytest.mark.parametrize("name", sorted({*UNSAFE, *READING} - {*LEAVE_NONE, *BY_SERVICE}))
def test_the_walk_finds_a_trace_at_every_door(world, name):
    """Whoever may, does: what changes something and what shows a patient's data to staff is told
    by an event of that very request; nothing goes through without."""
    door = UNSAFE.get(name) or READING[name]
    for row in tries_at(world, door):
        who = whom(world, row.right)
        if name in READING and (who is None or not who.is_staff):
            continue  # one's own
        with undone():
            answer = ask(world, who, door, row, accept=voices(door)[-1])
            left = [] if answer.status_code >= 400 else left_by(answer)
            if name in OTHERWISE and not left:
                continue  # passed elsewhere, and traced there
            assert left, f"{name} by {row.right or 'anyone'} left no event"
            if name in READING:
                assert any(about for _kind, about in left), left


@pytest.fixture(scope="module")
def traces(tmp_path_factory):
    """What every request of the named tests left: (method, address) → the kinds of each success."""
    file = tmp_path_factory.mktemp("traces") / "requests"
    named = sorted({f"tests/{where}.py::{test}" for where, test in OTHERWISE.values()})
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.tracing",
        "-p",
        "no:cacheprovider",
    ]
    ran = subprocess.run(
        [*command, "-p", "no:xdist", *named],
        cwd=ROOT,
        env=os.environ | {"TRACES": str(file), "PYTEST_XDIST_WORKER": "tracing"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:]
    found = defaultdict(list)
    for row in map(json.loads, file.read_text().splitlines()):
        if row["done"]:
            found[row["method"], row["route"]].append(row["kinds"])
    return found


@pytest.mark.slow
def test_where_the_walk_only_knocks_the_door_is_passed_with_a_trace(traces):
    silent = [
        name
        for name in OTHERWISE
        if not any(traces.get((UNSAFE[name].method, UNSAFE[name].where), []))
    ]
    assert silent == []


def test_the_walks_exceptions_are_doors_that_exist():
    assert {*LEAVE_NONE, *OTHERWISE, *BY_SERVICE} <= {*UNSAFE, *READING}
    for where, test in {*OTHERWISE.values(), *BY_SERVICE.values()}:
        assert f"def {test}(" in (ROOT / "tests" / f"{where}.py").read_text(encoding="utf-8"), test


def test_the_walk_has_something_to_walk():
    assert len(UNSAFE) > 100
    assert len(READING) > 10
