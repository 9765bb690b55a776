"""A payment's whole life, spoken by the real merchant library."""

import gzip
import json

import httpx
import pytest
from wechatpayv3 import WeChatPayType

from .conftest import faults
from .merchant import Merchant


@pytest.fixture
def merchant(world):
    return Merchant(world)


def test_a_paid_order_is_notified_and_the_library_can_read_it(world, merchant, ear):
    number = merchant.order(ear.url)
    assert merchant.query(number)["trade_state"] == "NOTPAY"

    merchant.person_pays(number)
    [(headers, body)] = ear.wait()
    news = merchant.library.callback(headers, body)

    assert news["event_type"] == "TRANSACTION.SUCCESS"
    assert news["resource"]["out_trade_no"] == number
    assert news["resource"]["amount"]["total"] == 5000
    assert merchant.query(number)["transaction_id"] == news["resource"]["transaction_id"]


def test_a_person_pays_at_the_till_and_comes_back(world, merchant, ear):
    code, answer = merchant.library.pay(
        description="药费 <b>",
        out_trade_no="TILL000001",
        amount={"total": 12345},
        notify_url=ear.url,
        scene_info={"payer_client_ip": "127.0.0.1"},
        pay_type=WeChatPayType.H5,
    )
    assert code == 200
    till = f"{json.loads(answer)['h5_url']}&redirect_url=http%3A%2F%2Flocalhost%2Fback"

    page = httpx.get(till, trust_env=False)
    assert "¥123.45" in page.text
    assert "药费 &lt;b&gt;" in page.text

    paid = httpx.post(till, data={"act": "pay"}, trust_env=False)
    assert (paid.status_code, paid.headers["location"]) == (303, "http://localhost/back")
    ear.wait()
    assert merchant.query("TILL000001")["trade_state"] == "SUCCESS"


def test_a_refund_is_processed_then_told(merchant, ear):
    number = merchant.order(ear.url)
    merchant.person_pays(number)
    ear.wait()

    code, refund = merchant.refund(number, "R" + number, 2000, 5000, notify=ear.url)
    assert (code, refund["status"]) == (200, "PROCESSING")
    headers, body = ear.wait()[-1]
    told = merchant.library.callback(headers, body)["resource"]

    assert (told["refund_status"], told["amount"]["refund"]) == ("SUCCESS", 2000)
    code, answer = merchant.library.query_refund("R" + number)
    assert json.loads(answer)["status"] == "SUCCESS"


def test_the_same_refund_number_never_refunds_twice(merchant, ear):
    number = merchant.order(ear.url)
    merchant.person_pays(number)

    first = merchant.refund(number, "A" + number, 3000, 5000)
    again = merchant.refund(number, "A" + number, 3000, 5000)
    too_much = merchant.refund(number, "B" + number, 3000, 5000)

    assert first[1]["refund_id"] == again[1]["refund_id"]
    assert too_much[0] == 400


def test_a_closed_order_cannot_be_paid(world, merchant, ear):
    number = merchant.order(ear.url)
    code, _ = merchant.library.close(number)
    assert code == 204
    assert merchant.query(number)["trade_state"] == "CLOSED"
    refused = world.client.post("/control/wechatpay/pay", json={"out_trade_no": number})
    assert refused.status_code == 400


def test_a_request_that_nobody_signed_is_refused(world):
    answer = world.client.get("/v3/pay/transactions/out-trade-no/X?mchid=1900000109")
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_ERROR")


def test_the_bill_of_the_day_names_the_payment(merchant, ear):
    number = merchant.order(ear.url)
    merchant.person_pays(number)
    day = merchant.query(number)["success_time"][:10]

    code, ticket = merchant.library.trade_bill(day)
    assert code == 200
    code, content = merchant.library.download_bill(json.loads(ticket)["download_url"])
    assert f"`{number}" in gzip.decompress(content).decode()


def test_a_notification_comes_again_until_it_is_accepted(merchant, ear):
    ear.replies = [500]
    number = merchant.order(ear.url)
    merchant.person_pays(number)
    first, second = ear.wait(2)

    ids = {merchant.library.callback(*each)["id"] for each in (first, second)}
    assert len(ids) == 1


def test_notifications_can_be_dropped_doubled_and_forged(world, merchant, ear):
    faults(world, "wechatpay", drop=1, path=ear.url)
    faults(world, "wechatpay", duplicate=3, path=ear.url)
    faults(world, "wechatpay", wrong_signature=1, path=ear.url)
    ear.replies = [401] * 3
    number = merchant.order(ear.url)
    merchant.person_pays(number)

    forged = ear.wait(3)
    assert all(merchant.library.callback(*each) is None for each in forged)
    genuine = ear.wait()[-1]
    assert merchant.library.callback(*genuine)["resource"]["out_trade_no"] == number
    sent = world.client.get("/control/wechatpay/sent").json()["sent"]
    assert next(each["outcome"] for each in sent if each["url"] == ear.url) == "dropped"


def test_a_refund_may_stay_undecided_and_then_fail(world, merchant, ear):
    faults(world, "wechatpay", refund_result="PROCESSING")
    number = merchant.order(ear.url)
    merchant.person_pays(number)
    merchant.refund(number, "P" + number, 5000, 5000)

    wish = {"out_refund_no": "P" + number, "status": "ABNORMAL"}
    world.client.post("/control/wechatpay/refund", json=wish).raise_for_status()
    _, answer = merchant.library.query_refund("P" + number)
    assert json.loads(answer)["status"] == "ABNORMAL"
