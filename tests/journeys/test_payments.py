from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from hospital.kernel.refusals import NotAllowed, Refused, Unavailable, WrongState
from hospital.payments import gateways, services
from hospital.payments.gateways import Outcome
from hospital.payments.models import Alarm, Charge, Entry, Notification, Refund
from tests import paying
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=1)
TOO_LATE = NOON + timedelta(minutes=16)


@pytest.fixture
def room():
    return paying.Room().open()


@pytest.fixture
def gateway(monkeypatch):
    gateway = paying.Gateway()
    monkeypatch.setattr(gateways, "channel", lambda name: gateway)
    return gateway


@pytest.fixture
def charge(room):
    return paying.charge_of(paying.payer())


def pay(charge, at=NOON):
    return services.pay(charge, by=charge.payer, at=at)


def balance():
    accounts = {}
    for entry in Entry.objects.all():
        accounts[entry.account] = accounts.get(entry.account, 0) + entry.amount_fen
    return {name: fen for name, fen in accounts.items() if fen}


def test_a_payment_settles_the_charge_and_tells_the_room_once(charge, room, trail):
    paying.settle(charge)
    paying.settle(charge, at=LATER)
    charge.refresh_from_db()
    assert (charge.state, charge.paid_at, room.heard) == ("paid", NOON, ["settled"])
    assert balance() == {"gateway": 8000, "tests": -8000}
    assert trail() == ["charge.open", "charge.settle"]


@pytest.mark.parametrize(
    "other", [{"amount_fen": 7999}, {"amount_fen": 8001}, {"currency": "USD"}], ids=str
)
def test_another_sum_or_currency_changes_nothing_and_raises_an_alarm(charge, room, other):
    with pytest.raises(Refused) as refused:
        paying.settle(charge, **other)
    refused.value.keep()
    charge.refresh_from_db()
    assert (refused.value.code, charge.state, room.heard) == ("payment-mismatch", "open", [])
    assert Alarm.objects.get().kind == "mismatch"


def test_a_second_transaction_for_a_paid_charge_is_an_alarm(charge):
    paying.settle(charge)
    with pytest.raises(Refused) as refused:
        paying.settle(charge, transaction_id="another")
    assert refused.value.code == "payment-mismatch"


def test_a_payment_of_an_unknown_number_is_an_alarm(room):
    with pytest.raises(Refused) as refused:
        services.settle("C0", "42", 1, "CNY", NOON, at=NOON)
    refused.value.keep()
    assert (refused.value.code, Alarm.objects.get().kind) == ("charge-unknown", "unknown")


def test_money_the_room_no_longer_wants_goes_back_at_once(charge, room):
    room.wants = False
    paying.settle(charge)
    refund = Refund.objects.get()
    charge.refresh_from_db()
    assert (charge.state, charge.refunded_fen) == ("paid", 8000)
    assert (refund.amount_fen, refund.reason, refund.state) == (8000, "not-wanted", "asked")


def test_money_that_comes_after_closing_goes_back_and_the_room_is_not_asked(charge, room, gateway):
    services.close(charge, at=NOON)
    again = paying.charge_of(charge.payer)  # a new order lives for the same thing
    paying.settle(charge, at=LATER)
    refund = Refund.objects.get()
    services.send_refund(refund.pk, at=LATER)
    assert (refund.reason, room.heard) == ("late", ["refunded"])
    assert (Charge.objects.get(pk=again.pk).state, balance()) == ("open", {})


def test_one_thing_has_one_living_charge(charge):
    with pytest.raises(DatabaseError), transaction.atomic():
        paying.charge_of(charge.payer)


def test_a_charge_given_back_in_full_makes_room_for_another(charge):
    paying.settle(charge)
    services.refund(charge, amount_fen=8000, reason="declined", by=None, at=LATER)
    assert paying.charge_of(charge.payer).state == "open"


# --- to the cashier ---------------------------------------------------------------------------


def test_the_payer_is_sent_to_the_cashier(charge, gateway):
    assert pay(charge).endswith(charge.trade_no)
    assert pay(charge, at=LATER).endswith(charge.trade_no)  # the same order, not a second one
    charge.refresh_from_db()
    assert charge.asked_at == LATER


def test_nobody_else_pays_it(charge, gateway):
    with pytest.raises(NotAllowed):
        services.pay(charge, by=paying.payer(), at=NOON)
    assert gateway.calls == []


def test_a_silent_gateway_leaves_the_charge_open(charge, gateway):
    gateway.silent = 1
    with pytest.raises(Unavailable):
        pay(charge)
    charge.refresh_from_db()
    assert (charge.state, charge.prepay) == ("open", "")
    assert pay(charge)


def test_after_its_time_a_charge_is_not_paid(charge, gateway):
    with pytest.raises(WrongState) as refused:
        pay(charge, at=charge.expires_at)
    assert (refused.value.code, gateway.calls) == ("charge-closed", [])


def test_who_pays_twice_is_told_that_it_is_paid(charge, gateway):
    gateway.pays(charge)
    with pytest.raises(WrongState) as refused:
        pay(charge)
    charge.refresh_from_db()
    assert (refused.value.code, charge.state) == ("already-paid", "paid")
    with pytest.raises(WrongState):
        pay(charge)


def test_a_charge_closed_while_the_gateway_thought_is_closed_there_too(
    charge, gateway, monkeypatch
):
    def closes_meanwhile(charge, *, ip):
        services.close(charge, at=NOON)
        return "https://cashier.example/"

    monkeypatch.setattr(gateway, "prepay", closes_meanwhile)
    with pytest.raises(WrongState):
        pay(charge)
    assert gateway.calls == ["close"]


# --- the sweep --------------------------------------------------------------------------------


def test_a_payment_nobody_told_us_of_is_found(charge, gateway, room):
    pay(charge)
    gateway.pays(charge)
    services.sweep(at=NOON + timedelta(seconds=19))
    assert room.heard == []
    services.sweep(at=NOON + timedelta(seconds=21))
    assert room.heard == ["settled"]


def test_what_nobody_paid_is_closed_at_the_gateway_first(charge, gateway, room):
    pay(charge)
    services.sweep(at=TOO_LATE)
    charge.refresh_from_db()
    assert (charge.state, charge.shut_at, room.heard) == ("closed", TOO_LATE, ["closed"])
    assert gateway.calls == ["prepay", "close"]
    assert services.sweep(at=TOO_LATE) == 0


def test_what_was_paid_in_the_last_second_is_settled_instead(charge, gateway, room):
    pay(charge)
    gateway.pays(charge)
    services.sweep(at=TOO_LATE)
    charge.refresh_from_db()
    assert (charge.state, room.heard) == ("paid", ["settled"])


def test_a_charge_nobody_went_to_pay_needs_no_gateway(charge, gateway):
    services.sweep(at=TOO_LATE)
    charge.refresh_from_db()
    assert (charge.state, gateway.calls) == ("closed", [])


def test_a_silent_gateway_keeps_charges_open_until_it_answers(charge, gateway):
    pay(charge)
    gateway.silent = 1
    services.sweep(at=TOO_LATE)
    assert Charge.objects.get(pk=charge.pk).state == "open"
    services.sweep(at=TOO_LATE)
    assert Charge.objects.get(pk=charge.pk).state == "closed"


def test_a_charge_closed_by_its_room_is_shut_at_the_gateway_afterwards(charge, gateway):
    pay(charge)
    services.close(charge, at=LATER)
    services.close(charge, at=LATER)  # again is no harm
    services.sweep(at=LATER)
    charge.refresh_from_db()
    assert (gateway.calls, charge.shut_at) == (["prepay", "close"], LATER)
    assert services.sweep(at=TOO_LATE) == 0


def test_a_payment_that_overtook_the_closing_goes_back(charge, gateway, room):
    pay(charge)
    gateway.pays(charge)
    services.close(charge, at=LATER)
    services.sweep(at=LATER)
    services.sweep(at=LATER)
    assert (gateway.refunded, room.heard) == ({Refund.objects.get().refund_no: 8000}, ["refunded"])


def test_a_sum_that_does_not_agree_stops_only_itself(room, gateway):
    wrong, right = paying.charge_of(paying.payer()), paying.charge_of(paying.payer())
    for charge, fen in ((wrong, 1), (right, 8000)):
        pay(charge)
        gateway.pays(charge, amount_fen=fen)
    services.sweep(at=LATER)
    services.sweep(at=LATER + timedelta(minutes=1))
    assert [c.state for c in Charge.objects.order_by("pk")] == ["open", "paid"]
    assert Alarm.objects.count() == 1  # told twice, written once


# --- giving back ------------------------------------------------------------------------------


def refunded(charge, fen=8000, at=LATER):
    return services.refund(charge, amount_fen=fen, reason="declined", by=charge.payer, at=at)


def test_a_refund_is_sent_under_its_number_and_done_once(charge, gateway, room, trail):
    paying.settle(charge)
    refund = refunded(charge)
    services.send_refund(refund.pk, at=LATER)
    services.send_refund(refund.pk, at=TOO_LATE)
    refund.refresh_from_db()
    assert (refund.state, refund.done_at, gateway.calls) == ("done", LATER, ["refund"])
    assert room.heard == ["settled", "refunded"]
    assert balance() == {}
    assert trail()[-2:] == ["refund.ask", "refund.finish"]


def test_between_promise_and_payment_the_money_is_held(charge):
    paying.settle(charge)
    refunded(charge, 3000)
    assert balance() == {"gateway": 8000, "tests": -5000, "held": -3000}


def test_refunds_never_exceed_what_was_paid(charge):
    paying.settle(charge)
    refunded(charge, 5000)
    for fen in (3001, 0, -1):
        with pytest.raises(Refused) as refused:
            refunded(charge, fen)
        assert refused.value.code == "refund-exceeds"
    assert refunded(charge, 3000).amount_fen == 3000


def test_what_was_never_paid_is_not_given_back(charge):
    with pytest.raises(WrongState):
        refunded(charge)


def test_a_lost_answer_is_asked_again_under_the_same_number(charge, gateway):
    paying.settle(charge)
    refund = refunded(charge)
    gateway.loses = 1
    services.send_refund(refund.pk, at=LATER)
    assert Refund.objects.get().state == "asked"
    assert services.sweep(at=LATER + timedelta(seconds=5)) == 0  # not yet due again
    services.sweep(at=LATER + timedelta(seconds=15))
    assert (Refund.objects.get().state, gateway.refunded) == ("done", {refund.refund_no: 8000})


def test_a_refund_still_under_way_is_asked_about_until_it_is_done(charge, gateway):
    paying.settle(charge)
    refund = refunded(charge)
    gateway.refund_outcome = Outcome("send")
    services.send_refund(refund.pk, at=LATER)
    assert Refund.objects.get().state == "processing"
    gateway.refund_outcome = Outcome("finish")
    services.sweep(at=LATER + timedelta(minutes=1))
    assert Refund.objects.get().state == "done"


def test_a_failed_refund_alarms_finance_and_is_tried_again(charge, gateway):
    paying.settle(charge)
    refund = refunded(charge)
    gateway.refund_outcome = Outcome("fail", "ABNORMAL")
    services.send_refund(refund.pk, at=LATER)
    services.sweep(at=LATER + timedelta(minutes=1))
    refund.refresh_from_db()
    assert (refund.state, refund.error, refund.tries) == ("failed", "ABNORMAL", 2)
    assert Alarm.objects.get().facts["code"] == "ABNORMAL"
    gateway.refund_outcome = Outcome("finish")
    services.sweep(at=LATER + timedelta(hours=1))
    assert (Refund.objects.get().state, set(gateway.refunded)) == ("done", {refund.refund_no})


def test_finance_hears_of_a_gateway_that_stays_silent(charge, gateway):
    paying.settle(charge)
    refunded(charge)
    gateway.silent = 99
    for hours in range(5):
        assert not Alarm.objects.exists()
        services.sweep(at=LATER + timedelta(hours=2 * hours))
    assert Alarm.objects.get().kind == "refund-unanswered"


# --- what PostgreSQL itself refuses -----------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"amount_fen": 1},
        {"what": "别的"},
        {"subject": "6ba7b810-9dad-11d1-80b4-00c04fd430c8"},
        {"state": "open"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_keeps_a_charge_as_it_was_asked(charge, change):
    paying.settle(charge)
    with pytest.raises(DatabaseError), transaction.atomic():
        Charge.objects.filter(pk=charge.pk).update(**change)


def test_the_database_keeps_the_payer_and_the_proof(charge):
    paying.settle(charge)
    for change in ({"payer": paying.payer()}, {"transaction_id": "x"}, {"paid_at": LATER}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Charge.objects.filter(pk=charge.pk).update(**change)


def test_the_database_counts_refunds_against_what_was_captured(charge):
    def insert(fen, number):
        Refund.objects.create(
            charge=charge, amount_fen=fen, reason="", refund_no=number, asked_at=NOON, due_at=NOON
        )

    with pytest.raises(DatabaseError), transaction.atomic():
        insert(1, "never-paid")
    paying.settle(charge)
    insert(8000, "all")
    with pytest.raises(DatabaseError), transaction.atomic():
        insert(1, "one-too-many")


@pytest.mark.parametrize(
    "change", [{"amount_fen": 1}, {"refund_no": "other"}, {"state": "done"}], ids=str
)
def test_the_database_keeps_a_refund_as_it_was_promised(charge, change):
    paying.settle(charge)
    refund = refunded(charge)
    with pytest.raises(DatabaseError), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(**change)


def test_a_posting_whose_sides_differ_does_not_commit(charge):
    @transaction.atomic
    def post_one_side():
        Entry.objects.create(
            posting=charge.public_id, account="gateway", amount_fen=1, charge=charge, at=NOON
        )
        connection.check_constraints()  # as a commit does

    with pytest.raises(DatabaseError):
        post_one_side()


@pytest.mark.parametrize("model", [Entry, Notification, Alarm])
def test_what_was_written_down_stays(charge, model):
    paying.settle(charge)
    for change in (
        lambda: model.objects.update(at=LATER),
        lambda: model.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
