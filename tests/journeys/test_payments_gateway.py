"""The whole way of money over real HTTP: our adapter, the simulated WeChat Pay, our callback."""

import socket
import threading
import time
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
import pytest
import uvicorn
from django.core.wsgi import get_wsgi_application
from django.db import connections

from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Unavailable, WrongState
from hospital.payments import gateways, services
from hospital.payments.models import Charge, Entry, Notification, Refund
from hospital.simulators.settings import Settings
from hospital.simulators.world import create_application
from tests import paying

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.committed]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The simulated outside world on a loopback port."""
    settings = Settings.in_folder(tmp_path_factory.mktemp("world"))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_application(settings), log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with httpx.Client(base_url=url, trust_env=False, timeout=15) as client:
            client.keys = settings.keys
            yield client
        server.should_exit = True
        thread.join(10)


class _Server(ThreadingMixIn, WSGIServer):
    pass


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def platform(world, settings):
    """Our own callback on a loopback port, and settings by which both sides know each other."""
    application = get_wsgi_application()

    def answering(environ, start_response):
        try:
            return application(environ, start_response)
        finally:
            connections.close_all()

    with make_server("127.0.0.1", 0, answering, _Server, _Quiet) as server:
        settings.PUBLIC_URL = f"http://127.0.0.1:{server.server_port}"
        settings.WECHATPAY_URL = str(world.base_url).rstrip("/")
        settings.WECHATPAY_KEYS = str(world.keys)
        settings.WECHATPAY_CASHIERS = [settings.WECHATPAY_URL]
        settings.OUTWARD_HOSTS = [settings.WECHATPAY_URL.partition("//")[2]]
        gateways.wechat.library.cache_clear()
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join(5)
        world.post("/control/wechatpay/reset")
        gateways.wechat.library.cache_clear()


@pytest.fixture
def room():
    return paying.Room().open()


@pytest.fixture
def charge(platform, room):
    return paying.charge_of(paying.payer(), at=database_now())


def pay(charge):
    return services.pay(charge, by=charge.payer, at=database_now())


def person_pays(world, charge):
    world.post("/control/wechatpay/pay", json={"out_trade_no": charge.trade_no}).raise_for_status()


def plan(world, **fault):
    world.post("/control/wechatpay/faults", json=fault).raise_for_status()


def until(holds, seconds=10):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def is_paid(charge):
    return lambda: Charge.objects.get(pk=charge.pk).state == "paid"


def is_done(refund):
    return lambda: Refund.objects.get(pk=refund.pk).state == "done"


def give_back(charge, fen=None):
    fen, at = fen or charge.amount_fen, database_now()
    return services.refund(charge, amount_fen=fen, reason="declined", by=None, at=at)


def test_from_the_cashier_to_the_refund(world, charge, room):
    address = pay(charge)
    cashier = world.get(address)
    assert "在线复诊" in cashier.text
    assert "¥80.00" in cashier.text
    back = world.post(address, data={"act": "pay"})
    assert (back.status_code, back.headers["location"]) == (
        303,
        f"{_public()}/pay/{charge.public_id}/",
    )
    until(is_paid(charge))
    refund = give_back(charge)
    services.send_refund(refund.pk, at=database_now())
    assert Refund.objects.get().state == "processing"
    until(is_done(refund))
    assert room.heard == ["settled", "refunded"]
    assert Notification.objects.count() == 2
    assert sum(Entry.objects.filter(account="gateway").values_list("amount_fen", flat=True)) == 0


def _public():
    from django.conf import settings  # noqa: PLC0415 - as the fixture set it

    return settings.PUBLIC_URL


def test_ten_copies_of_one_notification_have_one_effect(world, charge, room):
    plan(world, duplicate=10)
    pay(charge)
    person_pays(world, charge)
    until(lambda: _told(world) == 10)
    assert (room.heard, Entry.objects.count()) == (["settled"], 2)


def _told(world):
    sent = world.get("/control/wechatpay/sent").json()["sent"]
    return sum(letter["outcome"] == "204 accepted" for letter in sent)


def test_a_wrong_signature_changes_nothing_and_the_next_attempt_does(world, charge, room):
    plan(world, wrong_signature=1)
    pay(charge)
    person_pays(world, charge)
    until(is_paid(charge))
    assert Notification.objects.count() == 1


def test_a_notification_that_never_comes_is_found_by_asking(world, charge, room):
    plan(world, drop=-1)
    pay(charge)
    person_pays(world, charge)
    assert services.query(charge.pk, at=database_now()).state == "paid"
    assert room.heard == ["settled"]


def test_a_gateway_that_is_down_leaves_the_charge_open(world, charge):
    plan(world, status=503, times=1)
    with pytest.raises(Unavailable):
        pay(charge)
    assert Charge.objects.get().state == "open"
    assert pay(charge).startswith(str(world.base_url))


def test_a_lost_answer_to_prepay_gives_the_same_order_again(world, charge):
    plan(world, lose_answer=1)
    with pytest.raises(Unavailable):
        pay(charge)
    pay(charge)
    orders = world.get("/control/wechatpay/received").json()["orders"]
    assert [o["out_trade_no"] for o in orders].count(charge.trade_no) == 1


@pytest.mark.parametrize("fault", [{"lose_answer": 1}, {"half_answer": 1}, {"status": 500}])
def test_a_refund_whose_answer_was_lost_is_refunded_once(world, charge, fault):
    pay(charge)
    person_pays(world, charge)
    until(is_paid(charge))
    refund = give_back(charge, 3000)
    plan(world, path="/v3/refund", **fault)
    services.send_refund(refund.pk, at=database_now())
    refund.refresh_from_db()
    if refund.state == "asked":  # the notification of a lost one may have been quicker
        services.send_refund(refund.pk, at=refund.due_at)
    until(is_done(refund))
    known = world.get("/control/wechatpay/received").json()["refunds"]
    ours = [r for r in known if r["out_trade_no"] == charge.trade_no]
    assert [(r["out_refund_no"], r["refund"]) for r in ours] == [(refund.refund_no, 3000)]


def test_a_payer_who_pays_twice_is_told_so(world, charge):
    plan(world, drop=-1)
    pay(charge)
    person_pays(world, charge)
    with pytest.raises(WrongState) as refused:
        pay(charge)
    assert refused.value.code == "already-paid"
    assert Charge.objects.get().state == "paid"


def test_what_expires_is_closed_at_the_gateway(world, charge, room):
    pay(charge)
    services.sweep(at=charge.expires_at)
    assert (Charge.objects.get().state, room.heard) == ("closed", ["closed"])
    refused = world.post("/control/wechatpay/pay", json={"out_trade_no": charge.trade_no})
    assert refused.status_code == 400


def test_an_answer_that_wechat_did_not_sign_is_not_believed(world, charge, settings, tmp_path):
    for file in world.keys.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "platform_public_id.txt").write_text("PUB_KEY_ID_0")
    settings.WECHATPAY_KEYS = str(tmp_path)
    with pytest.raises(Unavailable):
        pay(charge)


def test_a_cashier_elsewhere_is_not_opened(charge, settings):
    settings.WECHATPAY_CASHIERS = ["https://wx.tenpay.com"]
    with pytest.raises(Unavailable):
        pay(charge)


def test_keys_that_are_not_there_yet_are_a_gateway_that_does_not_answer(charge, settings, tmp_path):
    settings.WECHATPAY_KEYS = str(tmp_path)
    with pytest.raises(Unavailable):
        pay(charge)
