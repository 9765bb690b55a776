"""Stories of consultations, against the database."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from doctors import services as doctors
from hospital.accounts import services as accounts
from hospital.consultations import endings, selectors, services
from hospital.consultations.models import Consultation, Message
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import NotAllowed, Refused, RuleBroken, WrongState
from hospital.notifications.models import Notice
from hospital.payments.models import Refund
from hospital.policy import services as policy
from hospital.policy.models import Decision
from hospital.policy.services import replay
from patients import gateways
from patients import selectors as records
from patients import services as patients
from patients.models import OnlineVisit
from tests import consulting, make, paying
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(minutes=1)


@pytest.fixture
def doctor():
    return make.doctor()


@pytest.fixture
def wang():
    return consulting.wang()


def test_a_follow_up_from_order_to_rating(wang, doctor, trail):
    user, patient = wang
    ordered = consulting.ordered(user, patient, doctor)
    assert (ordered.state, ordered.fee_fen) == ("unpaid", 8000)
    assert ordered.diagnoses == [{"code": "I10", "name": "原发性高血压"}]
    opened = consulting.opened(consulting.paid(ordered))
    consulting.said(opened, user, "医生您好")
    consulting.said(opened, doctor.user, "您好，请把血压发给我。")
    services.close(opened, by=doctor.user, at=SOON)
    services.rate(opened, stars=5, text="很仔细", by=user, at=SOON)
    noted = OnlineVisit.objects.get(visit=ordered.public_id)
    assert (noted.doctor, noted.outcome) == ("陈思远", "closed")
    kinds = [kind for kind in trail() if kind.startswith(("consultation", "message"))]
    assert kinds == [
        "consultation.order",
        "consultation.pay",
        "consultation.accept",
        "message.say",  # accepted
        "message.say",
        "message.say",
        "consultation.close",
        "message.say",  # closed
        "consultation.rate",
    ]
    seqs = Message.objects.filter(consultation=ordered).order_by("pk").values_list("seq", flat=True)
    assert list(seqs) == [1, 2, 3, 4]


def test_whose_name_nobody_confirmed_fills_the_record_but_cannot_order(doctor, monkeypatch):
    user = consulting.account("13911110000", "钱新")
    number = consulting.id_number(date(1995, 7, 15))
    who = {"name": "钱新", "id_number": number, "relation": "self"}
    patient = patients.register(user, **who, at=NOON)
    for text in records.texts_needed(patient, on=local_date(NOON)):
        patients.consent(patient, text, by=user, at=NOON)
    patients.set_health(patient, by=user, at=NOON, allergies=[])
    wish = {"kind": "advice", "diagnoses": []}
    with pytest.raises(RuleBroken) as refused:
        consulting.ordered(user, patient, doctor, **wish)
    assert refused.value.facts["rules"] == ["VISIT-REAL-NAME"]
    says = type("Says", (), {"agree": lambda *_asked: True})
    monkeypatch.setattr(gateways, "real_name", says)
    patients.refresh(patient, at=SOON)
    assert consulting.ordered(user, patient, doctor, at=SOON, **wish).state == "unpaid"


def test_every_word_of_the_trail_carries_the_visit_and_the_patient(wang, doctor, trail):
    _user, patient = wang
    made = consulting.in_state("closed", *wang, doctor)
    told = trail("consultation.close") + trail("message.say")
    assert {(e.stream, e.about) for e in told} == {(made.public_id, patient.public_id)}


def test_the_doctor_hears_of_a_new_one_and_the_patient_of_each_step(wang, doctor):
    user, _patient = wang
    made = consulting.in_state("closed", *wang, doctor)
    assert [n.kind for n in Notice.objects.filter(to=doctor.user, kind__startswith="cons")] == [
        "consultation.pay"
    ]
    told = Notice.objects.filter(to=user, kind__startswith="consultation").order_by("pk")
    assert [n.kind for n in told] == ["consultation.accept", "consultation.close"]
    assert all(str(made.public_id) in n.link for n in told)
    assert not any("头晕" in n.title + n.body for n in Notice.objects.all())


@pytest.mark.parametrize("state", ["cancelled", "declined", "lapsed", "referred"])
def test_what_was_paid_goes_back_in_full(wang, doctor, state):
    made = consulting.in_state("waiting", *wang, doctor)
    match state:
        case "cancelled":
            services.cancel(made, by=wang[0], at=SOON)
        case "declined":
            services.decline(made, reason="no-time", by=doctor.user, at=SOON)
        case "lapsed":
            services.sweep(at=made.accept_by)
        case "referred":
            opened = consulting.opened(made)
            services.refer(opened, reason="emergency", by=doctor.user, at=SOON)
    made.refresh_from_db()
    assert made.state == state
    assert Refund.objects.get(charge=made.charge).amount_fen == 8000


def test_money_that_comes_after_the_end_goes_back_by_itself(wang, doctor):
    made = consulting.ordered(*wang, doctor)
    services.cancel(made, by=wang[0], at=SOON)
    consulting.paid(made, at=SOON)
    assert made.state == "cancelled"
    assert Refund.objects.get(charge=made.charge).amount_fen == 8000


def test_a_first_visit_is_refused_with_what_was_looked_for_and_the_judgement_is_kept(doctor):
    user = consulting.account("13800006626", "钱多多")
    patient = consulting.known(user, consulting.person("钱多多", "13800006626", date(1990, 2, 2)))
    with pytest.raises(RuleBroken) as refused, transaction.atomic():
        consulting.ordered(user, patient, doctor)
    assert refused.value.facts["rules"] == ["VISIT-FOLLOW-UP"]
    assert refused.value.facts["findings"][0]["evidence"] == {"why": "no-evidence"}
    refused.value.keep()
    kept = Decision.objects.get()
    assert (kept.kind, kept.outcome, kept.about) == ("eligibility", "block", patient.public_id)
    assert replay(kept)


def test_what_passed_is_kept_with_the_order_and_says_the_same_again(wang, doctor):
    made = consulting.in_state("open", *wang, doctor)
    ordered, accepted = Decision.objects.order_by("pk")
    assert made.eligibility == ordered
    assert {ordered.stream, accepted.stream} == {made.public_id}
    assert ordered.outcome == accepted.outcome == "pass"
    assert replay(ordered)
    assert replay(accepted)


def test_advice_needs_no_earlier_visit(doctor):
    user = consulting.account("13800006626", "钱多多")
    patient = consulting.known(user, consulting.person("钱多多", "13800006626", date(1990, 2, 2)))
    made = consulting.ordered(user, patient, doctor, kind="advice", diagnoses=[])
    assert made.diagnoses == []


def test_only_oneself_and_family_can_be_ordered_for(wang, doctor):
    _user, patient = wang
    with pytest.raises(NotAllowed):
        consulting.ordered(consulting.stranger(), patient, doctor)


def test_one_doctor_has_one_living_consultation_of_a_patient(wang, doctor):
    first = consulting.ordered(*wang, doctor)
    with pytest.raises(WrongState) as refused:
        consulting.ordered(*wang, doctor, kind="advice")
    assert refused.value.facts == {"consultation": str(first.public_id)}


def test_the_last_place_of_the_day_is_taken_once(wang):
    doctor = make.doctor(daily_quota=1)
    consulting.ordered(*wang, doctor)
    zhao = consulting.account("13800006621", "赵建民")
    who = consulting.person("赵建民", "13800006621", date(1972, 3, 9), ("I10", "高血压", 20))
    with pytest.raises(RuleBroken) as refused:
        consulting.ordered(zhao, consulting.known(zhao, who), doctor)
    assert refused.value.facts["rules"] == ["VISIT-RECEIVING"]


def test_a_suspended_doctor_gets_no_orders_and_cannot_accept(wang, doctor):
    waiting = consulting.in_state("waiting", *wang, doctor)
    credential = doctor.credentials.get()
    doctors.suspend(credential, by=make.medical_affairs(), at=NOON, why="核查")
    with pytest.raises(RuleBroken) as refused:
        consulting.opened(waiting)
    assert "VISIT-DOCTOR" in refused.value.facts["rules"]


def test_who_accepts_has_just_proved_themselves(wang, doctor):
    waiting = consulting.in_state("waiting", *wang, doctor)
    with pytest.raises(NotAllowed) as refused:
        services.accept(waiting, by=doctor.user, at=NOON)
    assert refused.value.code == "identity-stale"
    proof = accounts.verified(doctor.user, method="totp", at=NOON)
    late = NOON + timedelta(minutes=30, seconds=1)
    with pytest.raises(NotAllowed):
        services.accept(waiting, by=doctor.user, at=late)
    opened = services.accept(waiting, by=doctor.user, at=NOON + timedelta(minutes=30))
    assert opened.verification == proof.public_id


def test_a_withdrawn_consent_stops_the_doctor_from_accepting(wang, doctor):
    user, patient = wang
    waiting = consulting.in_state("waiting", *wang, doctor)
    patients.withdraw(patient.consents.first(), by=user, at=NOON)
    with pytest.raises(RuleBroken) as refused:
        consulting.opened(waiting)
    assert refused.value.facts["rules"] == ["VISIT-CONSENT"]


def test_a_visit_that_must_not_go_on_is_told_upward_in_the_same_transaction(wang, doctor):
    heard = []
    endings.on_ending(lambda consultation, at: heard.append((consultation.state, at)))
    opened = consulting.in_state("open", *wang, doctor)
    services.refer(opened, reason="condition-changed", note="请当面检查", by=doctor.user, at=SOON)
    endings._hearers.pop()
    assert heard == [("referred", SOON)]
    assert OnlineVisit.objects.get().outcome == "referred"


@pytest.mark.parametrize(
    ("reason", "code"), [("boredom", "reason-unknown"), ("other", "note-needed")]
)
def test_a_referral_names_a_reason_of_the_catalogue(wang, doctor, reason, code):
    opened = consulting.in_state("open", *wang, doctor)
    with pytest.raises(Refused) as refused:
        services.refer(opened, reason=reason, by=doctor.user, at=SOON)
    assert refused.value.code == code


def test_the_same_client_id_is_the_same_message_even_after_the_end(wang, doctor):
    user, _patient = wang
    opened = consulting.in_state("open", *wang, doctor)
    mark = uuid.uuid4()
    first = consulting.said(opened, user, "药快吃完了", client_id=mark)
    assert consulting.said(opened, user, "药快吃完了", client_id=mark).pk == first.pk
    services.close(opened, by=doctor.user, at=SOON)
    assert consulting.said(opened, user, "药快吃完了", client_id=mark).pk == first.pk
    with pytest.raises(WrongState):
        consulting.said(opened, user, "还有一句")


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "text-empty"), (" \u200b\u202e ", "text-empty"), ("字" * 2001, "text-too-long")],
)
def test_what_is_said_is_plain_and_of_bounded_length(wang, doctor, text, code):
    opened = consulting.in_state("open", *wang, doctor)
    with pytest.raises(Refused) as refused:
        consulting.said(opened, wang[0], text)
    assert refused.value.code == code
    assert consulting.said(opened, wang[0], "字" * 2000 + "\u202e").text == "字" * 2000


def test_a_stranger_and_another_doctor_say_nothing_and_see_nothing(wang, doctor):
    opened = consulting.in_state("open", *wang, doctor)
    other = make.doctor("zhouruolan", "周若兰", title="associate_chief")
    for nobody in (consulting.stranger(), other.user):
        with pytest.raises(NotAllowed):
            consulting.said(opened, nobody)
        assert not selectors.visible_to(nobody).exists()


def test_a_doctor_sees_an_order_once_it_is_paid(wang, doctor):
    made = consulting.ordered(*wang, doctor)
    assert not selectors.visible_to(doctor.user).exists()
    consulting.paid(made)
    assert selectors.visible_to(doctor.user).get() == made


def test_reading_goes_forward_only_and_never_beyond_the_last_message(wang, doctor):
    user, _patient = wang
    opened = consulting.in_state("open", *wang, doctor)
    consulting.said(opened, doctor.user)
    assert services.read(opened, by=user, upto=2) == 2
    assert services.read(opened, by=user, upto=1) == 2
    assert services.read(opened, by=user, upto=99) == 2
    assert selectors.read_upto(opened, "patient") == 2
    assert selectors.read_upto(opened, "doctor") == 0


def test_the_worklist_puts_news_first_and_counts_it(wang, doctor, django_assert_num_queries):
    user, _patient = wang
    zhao = consulting.account("13800006621", "赵建民")
    who = consulting.person("赵建民", "13800006621", date(1972, 3, 9), ("I10", "高血压", 20))
    waiting = consulting.paid(consulting.ordered(zhao, consulting.known(zhao, who), doctor))
    opened = consulting.in_state("open", *wang, doctor)
    consulting.said(opened, user, "第一句")
    consulting.said(opened, user, "第二句")
    with django_assert_num_queries(3):
        rows = list(selectors.worklist(doctor.user))
        lines = selectors.with_last_words(rows, doctor.user, NOON + timedelta(minutes=31))
    assert [line.consultation for line in lines] == [opened, waiting]
    assert [(line.unread, line.last and line.last.text) for line in lines] == [
        (2, "第二句"),
        (0, None),
    ]
    assert [line.is_late for line in lines] == [False, True]


def test_a_card_of_another_room_stands_in_the_conversation(wang, doctor):
    opened = consulting.in_state("open", *wang, doctor)
    card = {
        "kind": "prescription",
        "title": "电子处方",
        "lines": ["一种药"],
        "url": "/x/",
        "state": "",
    }
    message = services.post_card(opened, at=SOON, card=card)
    message.refresh_from_db()
    assert (message.card, message.side, message.seq) == (card, "doctor", 2)


def test_the_hours_run_out_and_the_platform_closes(wang, doctor, trail):
    opened = consulting.in_state("open", *wang, doctor)
    assert services.sweep(at=opened.open_until - timedelta(seconds=1)) == {}
    assert services.sweep(at=opened.open_until) == {"close": 1}
    assert services.sweep(at=opened.open_until) == {}
    assert trail("consultation.close")[0].actor is None


def test_a_rating_is_given_once_and_only_after_the_end(wang, doctor):
    user, _patient = wang
    opened = consulting.in_state("open", *wang, doctor)
    with pytest.raises(WrongState):
        services.rate(opened, stars=5, text="", by=user, at=SOON)
    services.close(opened, by=doctor.user, at=SOON)
    with pytest.raises(NotAllowed):
        services.rate(opened, stars=5, text="", by=doctor.user, at=SOON)
    services.rate(opened, stars=4, text="", by=user, at=SOON)
    with pytest.raises(WrongState):
        services.rate(opened, stars=1, text="", by=user, at=SOON)


def test_a_visit_that_costs_nothing_waits_for_the_doctor_at_once(wang):
    made = consulting.ordered(*wang, make.doctor(price_fen=0))
    assert (made.state, made.charge) == ("waiting", None)


def test_the_guardian_of_a_young_child_must_be_there_where_paediatrics_is_open(doctor):
    policy.publish({"minimum_age_online": 0}, by=make.medical_affairs(), at=NOON, note="开放儿科")
    guo = consulting.account("13800006625", "郭立")
    consulting.known(guo, consulting.person("郭立", "13800006625", date(1988, 9, 12)))
    child = consulting.person(
        "郭小满",
        "13800006625",
        date(2021, 5, 20),
        ("L20.9", "特应性皮炎", 30),
        department="皮肤科",
        guardian=("郭立", "13800006625"),
    )
    patient = consulting.known(guo, child, "child")
    skin = make.doctor("xunan", "许南", department="皮肤科")
    wish = {"diagnoses": ["L20.9"], "complaint": "身上痒"}
    with pytest.raises(RuleBroken) as refused:
        consulting.ordered(guo, patient, doctor, **wish, guardian_present=True)
    assert refused.value.facts["findings"][0]["evidence"]["missing"] == ["specialist"]
    with pytest.raises(RuleBroken):
        consulting.ordered(guo, patient, skin, **wish, guardian_present=False)
    made = consulting.ordered(guo, patient, skin, **wish, guardian_present=True)
    assert consulting.opened(consulting.paid(made)).specialist_present


def test_the_database_keeps_messages_in_line_and_as_they_were_said(wang, doctor):
    opened = consulting.in_state("open", *wang, doctor)
    first = consulting.said(opened, wang[0])
    opened.refresh_from_db()
    gap = {"consultation": opened, "client_id": uuid.uuid4(), "kind": "text", "by": wang[0]}
    for seq in (opened.last_seq, opened.last_seq + 1, opened.last_seq + 2):
        with pytest.raises(DatabaseError), transaction.atomic():
            Message.objects.create(**gap, side="patient", at=SOON, text="x", seq=seq)
    Consultation.objects.filter(pk=opened.pk).update(last_seq=opened.last_seq + 2)
    with pytest.raises(DatabaseError), transaction.atomic():
        Message.objects.create(**gap, side="patient", at=SOON, text="x", seq=opened.last_seq + 2)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Message.objects.filter(pk=first.pk).update(side="doctor")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Message.objects.filter(pk=first.pk)._raw_delete("default")


def test_the_words_stand_sealed_in_the_database(wang, doctor):
    opened = consulting.in_state("open", *wang, doctor)
    consulting.said(opened, wang[0], "不能外传的话")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c::text, m::text FROM consultations_consultation c, consultations_message m"
        )
        assert not any(word in str(cursor.fetchall()) for word in ("不能外传", "头晕"))


def test_a_payment_told_twice_opens_one_place_in_the_queue(wang, doctor, trail):
    made = consulting.ordered(*wang, doctor)
    paying.settle(made.charge)
    paying.settle(made.charge)
    assert trail().count("consultation.pay") == 1
