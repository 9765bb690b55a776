"""What each message says, and that a whole case reaches the supervision platform."""

import json

import pytest

from audit import drain as drains
from audit.models import Pending
from hospital.consultations import services as consultations
from hospital.kernel.clock import database_now
from hospital.regulator import selectors, services
from hospital.regulator.lifecycle import State
from hospital.regulator.models import Upload
from hospital.regulator.news import KINDS, News
from hospital.regulator.services.queueing import queue
from hospital.simulators.regulator import schemas
from prescriptions import services as prescriptions
from tests import make, prescribing
from tests.conftest import NOON
from tests.regulator import authority, running_world  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
CASE = ["RX_ISSUE", "RX_REVIEW", "DISPENSE", "DELIVERY", "VISIT", "EVAL", "DELIVERY"]


@pytest.fixture
def cast():
    return prescribing.cast()


def to_the_end(cast, monkeypatch):
    """王秀兰's follow-up from the prescription to the rating, by courier; the parcel comes last."""
    parcel = prescribing.shipped(cast, monkeypatch)
    consultations.close(cast.visit, by=cast.doctor.user, at=NOON)
    consultations.rate(cast.visit, stars=5, text="很清楚", by=cast.user, at=NOON)
    prescriptions.hear_courier(prescribing.news(parcel, "delivered"), at=NOON)
    return parcel


@pytest.fixture
def told(trail):
    """Queue what the trail says so far, as the feed would; the payloads by schema, in order."""

    def queued():
        rows = [e for kind in KINDS for e in trail(kind)]
        for event in sorted(rows, key=lambda each: each.pk):
            queue(selectors.locked_stream(event.stream), News.of_event(event), at=NOON)
        return [(u.schema, json.loads(u.payload)) for u in Upload.objects.order_by("pk")]

    return queued


def sound(schema, payload):
    return [*schemas.missing(schema, payload), *schemas.wrong_codes(schema, payload)]


def test_a_case_makes_one_message_of_each_step_and_each_is_whole(cast, monkeypatch, told):
    to_the_end(cast, monkeypatch)
    messages = told()
    assert [schema for schema, _ in messages] == CASE
    assert [sound(*message) for message in messages] == [[]] * len(CASE)
    assert [u.seq for u in Upload.objects.order_by("pk")] == [*range(1, len(CASE) + 1)]


def test_told_twice_is_queued_once(cast, monkeypatch, told):
    to_the_end(cast, monkeypatch)
    assert len(told()) == len(told()) == len(CASE)


def test_a_visit_says_who_was_seen_on_which_evidence_by_whom(cast, monkeypatch, told):
    to_the_end(cast, monkeypatch)
    visit = dict(told())["VISIT"]
    assert visit["visit_no"] == str(cast.visit.public_id)
    assert visit["patient"]["name"] == "王秀兰"
    assert visit["patient"]["id_no"] == cast.patient.id_number
    assert (visit["first_visit_date"], visit["evidence_types"]) == (
        "2026-01-29",
        ["outpatient_record"],
    )
    assert visit["original_dx"] == [{"code": "I10", "name": "原发性高血压"}]
    assert visit["doctor_verify"]["result"] == "pass"
    assert (visit["outcome"], visit["terminate_reason"]) == ("completed", "")


def test_a_terminated_visit_says_why_and_takes_back_its_prescription(cast, told):
    prescribing.signed(cast)
    by = cast.doctor.user
    consultations.refer(cast.visit, reason="condition-changed", note="", by=by, at=NOON)
    messages = told()
    visit = dict(messages)["VISIT"]
    assert (visit["outcome"], visit["terminate_reason"]) == ("terminated", "condition-changed")
    issued, taken_back = Upload.objects.filter(schema="RX_ISSUE").order_by("seq")
    assert (issued.op, taken_back.op) == ("UPSERT", "CANCEL")
    assert issued.biz_id == taken_back.biz_id


def test_a_discarded_draft_was_never_reported_and_is_not_taken_back(cast, told):
    prescriptions.void(prescribing.draft(cast), by=cast.doctor.user, at=NOON)
    assert told() == []


def test_a_prescription_says_what_was_signed(cast, told):
    signed = prescribing.signed(cast)
    issue = dict(told())["RX_ISSUE"]
    (item,) = issue["items"]
    assert (item["name"], item["strength"], item["form"]) == ("苯磺酸氨氯地平片", "5mg", "tablet")
    assert issue["sign"]["digest"] == signed.digest
    assert issue["rule_check"]["decision"] == str(signed.decision.public_id)
    assert issue["total_fee"] == f"{signed.amount_fen / 100:.2f}"


def test_a_returned_version_stays_beside_the_next_one(cast, told):
    first = prescribing.in_state("returned", cast)
    again = prescriptions.revise(first, by=cast.doctor.user, at=NOON)
    signed = prescriptions.sign(again, by=cast.doctor.user, at=NOON)
    prescriptions.approve(signed, by=cast.pharmacist.user, at=NOON)
    told()
    reviews = Upload.objects.filter(schema="RX_REVIEW").order_by("seq")
    assert [json.loads(r.payload)["result"] for r in reviews] == ["return", "pass"]
    assert len({r.biz_id for r in reviews}) == 2
    assert len({json.loads(r.payload)["rx_no"] for r in reviews}) == 1


def test_a_message_is_of_the_version_the_event_names_not_of_now(cast, monkeypatch, told):
    to_the_end(cast, monkeypatch)
    told()
    left, arrived = [
        json.loads(u.payload) for u in Upload.objects.filter(schema="DELIVERY").order_by("seq")
    ]
    assert (left["sign_time"], bool(arrived["sign_time"])) == ("", True)
    assert left["waybill"] == arrived["waybill"] != ""


def test_nothing_of_the_patient_is_readable_in_the_table(cast, told):
    prescribing.signed(cast)
    told()
    (upload,) = Upload.objects.extra(select={"raw": "payload"})
    assert "王秀兰" not in upload.raw
    assert "王秀兰" in upload.payload


def test_the_platform_takes_a_whole_case(cast, monkeypatch, told, authority):
    to_the_end(cast, monkeypatch)
    told()
    while services.upload_next(at=database_now()):
        pass
    assert {u.state for u in Upload.objects.all()} == {State.ACKNOWLEDGED}
    received = authority.received(cast.visit.public_id)
    assert {kept["kind"] for kept in received} == set(CASE)
    assert [kept["envelope"]["seq"] for kept in received if kept["kind"] == "DELIVERY"] == [7]


def test_it_makes_the_message_anew_and_lets_it_go(cast, told, authority):
    prescribing.signed(cast)
    told()
    authority.breaks(code=2003)
    now = database_now()
    services.upload_next(at=now)
    (upload,) = Upload.objects.all()
    services.mend(upload, by=make.staff("xinxi", "it"), at=now, why="补录药品编码")
    services.upload_next(at=now)
    (upload,) = Upload.objects.all()
    assert (upload.state, upload.note, upload.seq) == (State.ACKNOWLEDGED, "补录药品编码", 1)


@pytest.mark.django_db(transaction=True, databases=["default", "trail", "owner"])
def test_an_event_told_too_early_brings_the_earlier_ones_of_its_visit_along(cast):
    approved = prescribing.approved(cast)
    waiting = Pending.objects.using("trail").filter(feed="regulator").order_by("event_id")
    review = waiting.select_related("event").last().event
    assert review.kind == "prescription.approve"
    services.on_event(review, NOON)
    assert [u.schema for u in Upload.objects.order_by("seq")] == ["RX_ISSUE", "RX_REVIEW"]
    drains.drain("regulator", at=database_now())
    assert Upload.objects.filter(stream=approved.consultation.public_id).count() == 2
    assert not waiting.exists()
