"""Money under parallel fire, with real transactions; and what happens when a lock is taken out."""

import time
from functools import partial

import psycopg2
import pytest
from django.db import DatabaseError, connections, transaction
from django.db.models import Sum
from django.test import Client

from hospital.accounts.models import User
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused, WrongState
from hospital.payments import gateways, selectors, services
from hospital.payments.models import Charge, Entry, Notification, Refund
from hospital.simulators.wechatpay.keys import ensure_keys
from tests import paying
from tests.conftest import NOON
from tests.together import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.committed]


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    return ensure_keys(tmp_path_factory.mktemp("wechatpay"))


@pytest.fixture
def room():
    return paying.Room().open()


@pytest.fixture
def charge(room):
    return paying.charge_of(paying.payer(), at=database_now())


@pytest.fixture
def tell(keys, settings, tmp_path_factory):
    """Post one notification: `tell(body, headers)`."""
    settings.WECHATPAY_KEYS = str(next(tmp_path_factory.getbasetemp().glob("wechatpay*")))
    settings.WECHATPAY_URL = "http://127.0.0.1:9"
    return lambda body, headers: (
        Client()
        .post("/callbacks/wechat", body, content_type="application/json", headers=headers)
        .status_code
    )


def paid(keys, charge, **more):
    letter = paying.paid_letter(keys, charge)
    return paying.signed(keys, "TRANSACTION.SUCCESS", letter, at=database_now(), **more)


def test_the_same_notification_ten_times_at_once_has_one_effect(charge, room, keys, tell):
    letter = paid(keys, charge)
    assert at_once(*[partial(tell, *letter)] * 10) == [204] * 10
    assert room.heard == ["settled"]
    assert (Notification.objects.count(), Entry.objects.count()) == (1, 2)


def test_ten_notifications_of_one_payment_at_once_have_one_effect(charge, room, keys, tell):
    letters = [paid(keys, charge) for _ in range(10)]  # ten ids, as after a repeated /notify
    assert at_once(*[partial(tell, *letter) for letter in letters]) == [204] * 10
    assert room.heard == ["settled"]
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("pause", [0, 0.05], ids=["both", "callback first"])
def test_a_notification_while_closing_ends_paid_or_returned_never_between(
    charge, room, keys, tell, pause
):
    @transaction.atomic
    def close():
        time.sleep(pause)
        User.objects.select_for_update().get(pk=charge.payer_id)  # the subject first
        return services.close(charge, at=database_now())

    closed, told = at_once(close, partial(tell, *paid(keys, charge)))
    charge.refresh_from_db()
    assert (told, charge.state) == (204, "paid")
    if isinstance(closed, WrongState):  # the payment came first and stands
        assert (room.heard, Refund.objects.count()) == (["settled"], 0)
    else:
        assert (room.heard, Refund.objects.get().amount_fen) == ([], charge.amount_fen)


def widened(take):
    """`take` a row, then be slow, so that whoever may come between does."""

    def slowly(charge):
        row = take(charge)
        time.sleep(0.2)
        return row

    return slowly


def both_refund(charge):
    ask = partial(services.refund, charge, amount_fen=5000, reason="declined", by=None, at=NOON)
    return at_once(ask, ask)


def promised(charge):
    return Refund.objects.filter(charge=charge).aggregate(fen=Sum("amount_fen"))["fen"]


def test_two_refunds_at_once_stay_within_what_was_paid(charge, monkeypatch):
    paying.settle(charge)
    monkeypatch.setattr(selectors, "locked", widened(selectors.locked))
    outcomes = both_refund(charge)
    assert [o.code for o in outcomes if isinstance(o, Refused)] == ["refund-exceeds"]
    assert promised(charge) == 5000


def unlocked(charge):
    return Charge.objects.get(pk=charge.pk)


def test_without_our_lock_the_database_still_refuses_the_second(charge, monkeypatch):
    paying.settle(charge)
    monkeypatch.setattr(selectors, "locked", widened(unlocked))
    outcomes = both_refund(charge)
    assert not any(isinstance(o, Refused) for o in outcomes)  # nobody noticed in Python
    assert sum(isinstance(o, DatabaseError) for o in outcomes) == 1
    assert promised(charge) == 5000


def test_without_lock_and_guard_more_would_go_back_than_came_in(charge, monkeypatch):
    """The negative control: it shows that the two tests above can fail."""
    paying.settle(charge)
    monkeypatch.setattr(selectors, "locked", widened(unlocked))
    as_owner("ALTER TABLE payments_refund DISABLE TRIGGER USER")
    outcomes = both_refund(charge)
    assert all(isinstance(o, Refund) for o in outcomes)
    assert promised(charge) > charge.amount_fen


def as_owner(statement):
    told = connections["owner"].settings_dict
    owner = psycopg2.connect(
        dbname=connections["default"].settings_dict["NAME"],
        user=told["USER"],
        password=told["PASSWORD"],
        host=told["HOST"],
        port=told["PORT"],
    )
    with owner, owner.cursor() as cursor:
        cursor.execute(statement)
    owner.close()


def test_two_workers_send_one_refund_once(charge, monkeypatch):
    paying.settle(charge)
    gateway = paying.Gateway()
    monkeypatch.setattr(gateways, "channel", lambda name: gateway)
    refund = services.refund(charge, amount_fen=8000, reason="declined", by=None, at=NOON)
    at_once(*[partial(services.send_refund, refund.pk, at=NOON)] * 5)
    assert gateway.calls == ["refund"]
    assert Refund.objects.get().state == "done"


def test_two_sweeps_at_once_do_nothing_twice(charge, room, monkeypatch):
    gateway = paying.Gateway()
    monkeypatch.setattr(gateways, "channel", lambda name: gateway)
    at = database_now()
    services.pay(charge, by=charge.payer, at=at)
    at_once(*[partial(services.sweep, at=charge.expires_at)] * 4)
    charge.refresh_from_db()
    assert (charge.state, room.heard) == ("closed", ["closed"])


def test_no_transaction_is_open_while_the_gateway_thinks(charge, monkeypatch):
    seen = []
    gateway = paying.Gateway()
    for call in ("prepay", "query", "close", "refund"):
        real = getattr(gateway, call)

        def watching(*args, real=real, **how):
            seen.append(transaction.get_connection().in_atomic_block)
            return real(*args, **how)

        monkeypatch.setattr(gateway, call, watching)
    monkeypatch.setattr(gateways, "channel", lambda name: gateway)
    at = database_now()
    services.pay(charge, by=charge.payer, at=at)
    services.query(charge.pk, at=at)
    services.sweep(at=charge.expires_at)
    late = paying.settle(charge)
    services.send_refund(Refund.objects.get(charge=late).pk, at=late.expires_at)
    assert seen == [False] * 4
