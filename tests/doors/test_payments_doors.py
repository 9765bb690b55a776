"""The callback's signature and everything it is checked against; the doors of a payer."""

from datetime import timedelta

import pytest
from django.test import Client

from hospital.kernel.clock import database_now
from hospital.payments import gateways, services
from hospital.payments.models import Alarm, Notification, Refund
from hospital.simulators.wechatpay.keys import ensure_keys
from tests import make, paying

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("wechatpay")


@pytest.fixture
def keys(folder, settings):
    settings.WECHATPAY_KEYS, settings.WECHATPAY_URL = str(folder), "http://127.0.0.1:9"
    return ensure_keys(folder)


@pytest.fixture
def stranger_keys(tmp_path_factory, keys):
    """Another platform's key under the name of ours."""
    other = ensure_keys(tmp_path_factory.mktemp("stranger"))
    return type(keys)(**{**vars(keys), "platform": other.platform})


@pytest.fixture
def room():
    return paying.Room().open()


@pytest.fixture
def charge(room):
    return paying.charge_of(paying.payer(), at=database_now())


@pytest.fixture
def gateway(monkeypatch):
    gateway = paying.Gateway()
    monkeypatch.setattr(gateways, "channel", lambda name: gateway)
    return gateway


def post(body, headers):
    return Client(enforce_csrf_checks=True).post(
        "/callbacks/wechat", body, content_type="application/json", headers=headers
    )


def tell(keys, charge, *, at=None, event="TRANSACTION.SUCCESS", news_id="", **other):
    letter = paying.paid_letter(keys, charge, **other)
    at = at or database_now()
    return post(*paying.signed(keys, event, letter, at=at, news_id=news_id))


def state_of(charge):
    charge.refresh_from_db()
    return charge.state


def test_a_true_notification_settles_without_session_or_token(keys, charge, room):
    assert tell(keys, charge).status_code == 204
    assert (state_of(charge), room.heard) == ("paid", ["settled"])


def test_a_repeated_notification_is_acknowledged_and_does_nothing(keys, charge, room):
    answers = [tell(keys, charge, news_id="the same").status_code for _ in range(3)]
    answers.append(tell(keys, charge, news_id="another").status_code)
    assert (answers, room.heard) == ([204] * 4, ["settled"])
    assert Notification.objects.count() == 2


def test_a_notification_signed_by_someone_else_is_refused(stranger_keys, charge):
    answer = tell(stranger_keys, charge)
    assert (answer.status_code, answer.json()["code"]) == (401, "FAIL")
    assert state_of(charge) == "open"
    assert not Notification.objects.exists()


@pytest.mark.parametrize("drop", ["Signature", "Timestamp", "Nonce", "Serial", "Signature-Type"])
def test_a_notification_without_one_of_its_headers_is_refused(keys, charge, drop):
    letter = paying.paid_letter(keys, charge)
    body, headers = paying.signed(keys, "TRANSACTION.SUCCESS", letter, at=database_now())
    del headers[f"Wechatpay-{drop}"]
    assert post(body, headers).status_code == 401
    assert state_of(charge) == "open"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Signature", "WECHATPAY/SIGNTEST/abc"),  # the platform's own probe
        ("Signature", "!"),
        ("Serial", "PUB_KEY_ID_0"),
        ("Serial", "not hex"),
        ("Timestamp", "１７"),
        ("Timestamp", "9" * 400),
        ("Nonce", "other"),
        ("Signature-Type", "WECHATPAY2-SM2-WITH-SM3"),
    ],
)
def test_a_notification_with_a_header_changed_is_refused(keys, charge, header, value):
    letter = paying.paid_letter(keys, charge)
    body, headers = paying.signed(keys, "TRANSACTION.SUCCESS", letter, at=database_now())
    changed = headers | {f"Wechatpay-{header}": value.encode().decode("latin-1")}
    assert post(body, changed).status_code == 401
    assert state_of(charge) == "open"


def test_a_notification_whose_body_was_touched_is_refused(keys, charge):
    letter = paying.paid_letter(keys, charge)
    body, headers = paying.signed(keys, "TRANSACTION.SUCCESS", letter, at=database_now())
    for touched in (body + b" ", body.replace(b"SUCCESS", b"success"), b"", b"\xff\xfe"):
        assert post(touched, headers).status_code == 401
    assert state_of(charge) == "open"


@pytest.mark.parametrize(("seconds", "status"), [(-310, 401), (-290, 204), (290, 204), (310, 401)])
def test_a_notification_is_good_for_five_minutes_either_way(keys, charge, seconds, status):
    at = database_now() + timedelta(seconds=seconds)
    assert tell(keys, charge, at=at).status_code == status


@pytest.mark.parametrize(
    "other",
    [
        {"amount": {"total": 1}},
        {"amount": {"total": 800000}},
        {"amount": {"currency": "USD"}},
        {"mchid": "1900000000"},
        {"appid": "wx0000000000000000"},
        {"out_trade_no": "C20260310ffffffffffffffffffffff"},
    ],
    ids=str,
)
def test_a_true_signature_over_another_sum_merchant_or_order_changes_nothing(
    keys, charge, room, other
):
    for _ in range(2):
        assert tell(keys, charge, **other).status_code == 400
    assert (state_of(charge), room.heard) == ("open", [])
    assert Alarm.objects.count() == 1
    assert not Notification.objects.exists()  # so a corrected one is heard


@pytest.mark.parametrize(
    "other",
    [
        {"amount": {"total": "8000"}},
        {"amount": {"total": True}},
        {"transaction_id": None},
        {"success_time": "now"},
    ],
    ids=str,
)
def test_a_signed_notification_of_another_shape_is_refused(keys, charge, other):
    assert tell(keys, charge, **other).status_code == 400
    assert state_of(charge) == "open"


def test_a_resource_sealed_with_another_key_is_refused(keys, charge):
    other = type(keys)(**{**vars(keys), "apiv3": "0" * 32})
    letter = paying.paid_letter(keys, charge)
    body, _headers = paying.signed(other, "TRANSACTION.SUCCESS", letter, at=database_now())
    assert post(body, paying.signature(keys, body, at=database_now())).status_code == 400
    assert state_of(charge) == "open"


def test_news_of_another_kind_is_acknowledged(keys, charge, room):
    assert tell(keys, charge, event="COUPON.USE").status_code == 204
    assert (state_of(charge), room.heard) == ("open", [])


def test_the_callback_takes_nothing_but_post(keys):
    assert Client().get("/callbacks/wechat").status_code == 405


# --- refunds told -----------------------------------------------------------------------------


@pytest.fixture
def refund(charge):
    paying.settle(charge, at=database_now())
    at = database_now()
    return services.refund(charge, amount_fen=3000, reason="declined", by=None, at=at)


def tell_refund(keys, refund, status="SUCCESS", **other):
    letter = paying.refund_letter(keys, refund, status=status, **other)
    return post(*paying.signed(keys, f"REFUND.{status}", letter, at=database_now()))


def test_a_refund_told_before_our_own_call_was_answered_is_done_once(keys, refund, room):
    for _ in range(3):
        assert tell_refund(keys, refund).status_code == 204
    refund.refresh_from_db()
    assert (refund.state, room.heard) == ("done", ["settled", "refunded"])


def test_a_refund_that_failed_after_it_was_done_stays_done(keys, refund):
    tell_refund(keys, refund)
    tell_refund(keys, refund, "ABNORMAL")
    refund.refresh_from_db()
    assert refund.state == "done"


def test_an_abnormal_refund_alarms_finance(keys, refund):
    assert tell_refund(keys, refund, "ABNORMAL").status_code == 204
    refund.refresh_from_db()
    assert (refund.state, refund.error, Alarm.objects.count()) == ("failed", "ABNORMAL", 1)


def test_a_refund_told_before_its_payment_waits_for_it(keys, charge, room):
    """Refunds exist only for what was paid, so the platform is told to come again."""
    early = Refund(charge=charge, amount_fen=8000, refund_no="R0")
    assert tell_refund(keys, early).status_code == 400
    assert tell(keys, charge).status_code == 204
    assert (state_of(charge), room.heard) == ("paid", ["settled"])


@pytest.mark.parametrize(
    "other",
    [
        {"mchid": "1900000000"},
        {"out_trade_no": "C0"},
        {"amount": {"total": 8000, "refund": 8000}},
        {"amount": {"total": 1, "refund": 3000}},
    ],
    ids=str,
)
def test_a_refund_told_with_other_figures_changes_nothing(keys, refund, other):
    assert tell_refund(keys, refund, **other).status_code == 400
    refund.refresh_from_db()
    assert (refund.state, Alarm.objects.count()) == ("asked", 1)


# --- the payer's doors ------------------------------------------------------------------------


@pytest.fixture
def browser(charge):
    return make.sitting_of(charge.payer)


@pytest.fixture
def other_browser():
    return make.sitting_of(paying.payer())


def test_a_payer_reads_and_pays_by_api(browser, charge, gateway):
    answer = browser.get(f"/api/v1/charges/{charge.public_id}").json()
    assert (answer["state"], answer["amount_fen"], answer["refunds"]) == ("open", 8000, [])
    paid = browser.post(
        f"/api/v1/charges/{charge.public_id}/pay", {}, content_type="application/json"
    )
    assert (paid.status_code, list(paid.json())) == (200, ["cashier_url"])
    assert [row["public_id"] for row in browser.get("/api/v1/charges").json()["rows"]] == [
        str(charge.public_id)
    ]


def test_to_everyone_else_a_charge_does_not_exist(other_browser, charge, gateway):
    at = f"/api/v1/charges/{charge.public_id}"
    assert other_browser.get(at).status_code == 404
    assert other_browser.post(f"{at}/pay", {}, content_type="application/json").status_code == 404
    for page in (f"/pay/{charge.public_id}/", f"/me/orders/{charge.public_id}/"):
        assert other_browser.get(page).status_code == 404
    assert other_browser.post(f"/pay/{charge.public_id}/check/").status_code == 404
    assert other_browser.get("/api/v1/charges").json()["rows"] == []
    assert gateway.calls == []


def test_a_silent_gateway_is_a_503_with_a_sentence(browser, charge, gateway):
    gateway.silent = 2
    paid = browser.post(
        f"/api/v1/charges/{charge.public_id}/pay", {}, content_type="application/json"
    )
    assert (paid.status_code, paid.json()["code"]) == (503, "unavailable")
    page = browser.post(f"/pay/{charge.public_id}/")
    assert page.status_code == 503
    assert "支付 ¥80.00".encode() in page.content  # the way on is still there
    assert state_of(charge) == "open"


def test_the_page_leads_to_the_cashier_and_back_to_the_result(browser, charge, gateway, settings):
    address = f"/pay/{charge.public_id}/"
    page = browser.get(address)
    assert "王秀兰（母亲）".encode() in page.content
    policy = page.headers["Content-Security-Policy"]
    assert f"form-action 'self' {settings.WECHATPAY_CASHIERS[0]}" in policy
    assert browser.post(address).url.startswith("https://cashier.example/")
    assert "付款正在确认".encode() in browser.get(address).content
    assert browser.get(f"{address}state/").status_code == 204  # nothing new, nothing moves
    gateway.pays(charge)
    assert browser.post(f"{address}check/").url == address
    done = browser.get(f"{address}state/").content
    assert "已支付".encode() in done
    assert b"hx-trigger" not in done  # no more asking
    again = browser.post(address)
    assert again.status_code == 409


def test_the_orders_page_asks_few_questions(browser, charge, django_assert_max_num_queries):
    browser.get("/me/orders/")
    with django_assert_max_num_queries(8):
        assert browser.get("/me/orders/").status_code == 200


def test_an_order_tells_what_came_in_and_went_back(keys, browser, refund):
    tell_refund(keys, refund)
    page = browser.get(f"/me/orders/{refund.charge.public_id}/").content.decode()
    assert "已退回 ¥30.00" in page
    assert "已支付 ¥80.00" in page
