"""在线缴费: bills raised at the hospital, paid here, told to its cashiers; and paid once only."""

from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest
from django.db import IntegrityError, transaction

from hospital.his import gateways as cashiers
from hospital.his import services as his_services
from hospital.his.models import Bill, BillState, Fee, Person
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import NotAllowed, Unavailable, WrongState
from hospital.notifications.models import Notice
from hospital.payments import gateways, hooks
from hospital.payments import services as payments
from hospital.payments.models import Alarm, Charge, Refund
from patients import bills, selectors, services
from patients.lifecycle import BillPaymentState
from patients.models import BillPayment, Link
from tests import consulting, make, paying
from tests.his import WANG, ZHAO, his, running_world  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def till(monkeypatch):
    gateway = paying.Gateway()
    monkeypatch.setattr(gateways, "channel", lambda _name: gateway)
    return gateway


@pytest.fixture
def wang(his, now):
    user = consulting.account("13800006620", "王秀兰")
    return user, services.register(user, name="王秀兰", id_number=WANG, relation="self", at=now)


@pytest.fixture
def bill(his, wang, now):
    """A fresh one of 78.50, mirrored; those of the cast stay out of the way."""
    return raised(his, now)


def raised(his, now, *, patient="wang-xiulan", lines=None):
    lines = lines or [{"what": "肾功能五项", "yuan": 46}, {"what": "电解质四项", "yuan": 32.5}]
    made = his._post("/control/his/bills", {"patient": patient, "lines": lines})
    his_services.refresh(WANG if patient == "wang-xiulan" else ZHAO, at=now)
    return Bill.objects.get(fhir_id=made["id"])


def ordered(bill, wang, at):
    user, patient = wang
    return services.order_bill(bill, patient, by=user, at=at)


def paid(charge, at):
    paying.settle(charge, at=at)
    return BillPayment.objects.get(charge=charge)


def as_it_is(payment):
    return BillPayment.objects.get(pk=payment.pk)


def at_the_window(his, bill):
    his._post("/control/his/window-pays", {"invoice": bill.fhir_id})


def test_a_bill_comes_with_its_items_and_waits_to_be_paid(bill, wang):
    assert (bill.state, bill.total_fen) == (BillState.ISSUED, 7850)
    told = [(each.what, each.sum, each.department) for each in bills.lines(bill)]
    assert told == [("肾功能五项", "¥46.00", "心血管内科"), ("电解质四项", "¥32.50", "心血管内科")]
    mine = selectors.bills_visible_to(wang[0])
    assert bill in selectors.to_pay(mine)
    assert Bill.objects.filter(person=bill.person, state="balanced").exists(), "her visits' fees"
    assert not selectors.to_pay(mine).filter(state="balanced").exists()


def test_she_pays_and_the_cashiers_are_told(his, bill, wang, till, now):
    charge = ordered(bill, wang, now)
    assert (charge.amount_fen, charge.what, charge.about) == (7850, "院内缴费", wang[1].public_id)
    payment = paid(charge, now)
    assert payment.state == BillPaymentState.PAID
    services.tell_bill(payment.pk, at=now)
    payment = as_it_is(payment)
    assert (payment.state, payment.told_at) == (BillPaymentState.TOLD, now)
    assert his.read("Invoice", bill.fhir_id)["status"] == "balanced"
    his_services.refresh(WANG, at=now)
    bill.refresh_from_db()
    assert bill.state == BillState.BALANCED
    assert services.sweep_bills(at=now + timedelta(hours=2)) == 0
    assert not Refund.objects.exists()


def test_asking_twice_gives_the_same_charge_and_a_paid_bill_gives_none(bill, wang, till, now):
    charge = ordered(bill, wang, now)
    assert ordered(bill, wang, now) == charge
    paid(charge, now)
    with pytest.raises(WrongState) as refused:
        ordered(bill, wang, now)
    assert refused.value.code == "bill-paid"


def test_a_charge_whose_time_is_over_makes_room_for_a_new_one(bill, wang, till, now):
    charge = ordered(bill, wang, now)
    later = now + timedelta(minutes=20)
    again = ordered(bill, wang, later)
    assert again != charge
    charge.refresh_from_db()
    assert charge.state == "closed"
    payments.sweep(at=later)
    assert BillPayment.objects.filter(bill=bill, state="open").get().charge == again


def test_a_bill_that_nobody_pays_in_time_waits_on(bill, wang, till, now):
    charge = ordered(bill, wang, now)
    payments.sweep(at=now + timedelta(minutes=20))
    assert BillPayment.objects.get(charge=charge).state == BillPaymentState.CLOSED
    assert bill in selectors.to_pay(selectors.bills_visible_to(wang[0]))


def test_what_was_paid_at_the_window_is_not_asked_for_again(his, bill, wang, till, now):
    at_the_window(his, bill)
    with pytest.raises(WrongState) as refused:
        ordered(bill, wang, now)
    assert refused.value.code == "bill-settled"
    assert not Charge.objects.exists()
    bill.refresh_from_db()
    assert bill.state == BillState.BALANCED, "what was learned on the way is kept"


def test_who_pays_at_the_window_meanwhile_closes_the_open_charge(his, bill, wang, till, now):
    charge = ordered(bill, wang, now)
    at_the_window(his, bill)
    his_services.refresh(WANG, at=now)
    services.sweep_bills(at=now)
    charge.refresh_from_db()
    assert (charge.state, BillPayment.objects.get().state) == ("closed", "closed")


def test_an_open_charge_of_a_bill_that_still_stands_is_left_alone(bill, wang, till, now):
    ordered(bill, wang, now)
    assert services.sweep_bills(at=now) == 0
    assert BillPayment.objects.get().state == BillPaymentState.OPEN


def test_money_that_came_here_and_at_the_window_goes_back_here(his, bill, wang, till, now):
    payment = paid(ordered(bill, wang, now), now)
    at_the_window(his, bill)  # we have not heard of it
    services.tell_bill(payment.pk, at=now)
    assert as_it_is(payment).state == BillPaymentState.RETURNED
    refund = Refund.objects.get()
    assert (refund.amount_fen, refund.reason) == (7850, "paid-there")
    assert Notice.objects.filter(to=wang[0], kind="bill.return").exists()
    payments.send_refund(refund.pk, at=now)
    assert till.refunded == {refund.refund_no: 7850}
    assert Notice.objects.filter(to=wang[0], kind="bill.refund").exists()


def test_money_for_a_bill_known_to_be_settled_is_not_even_taken(his, bill, wang, till, now):
    charge = ordered(bill, wang, now)
    at_the_window(his, bill)
    his_services.refresh(WANG, at=now)
    payment = paid(charge, now)
    assert payment.state == BillPaymentState.CLOSED
    assert Refund.objects.get().reason == "not-wanted"


def test_a_bill_that_became_another_sum_is_paid_at_the_new_sum(his, bill, wang, till, now):
    first = ordered(bill, wang, now)
    invoice = his.read("Invoice", bill.fhir_id)
    his.write(invoice | {"totalGross": {"value": 60, "currency": "CNY"}})
    again = ordered(bill, wang, now)
    assert (first.amount_fen, again.amount_fen) == (7850, 6000)
    assert [p.state for p in BillPayment.objects.order_by("pk")] == ["closed", "open"]


def test_a_withdrawn_bill_vanishes_and_is_paid_by_nobody(his, bill, wang, till, now):
    ordered(bill, wang, now)
    his.write(his.read("Invoice", bill.fhir_id) | {"status": "cancelled"})
    his_services.refresh(WANG, at=now)
    assert bill not in selectors.bills_visible_to(wang[0])
    services.sweep_bills(at=now)
    assert BillPayment.objects.get().state == BillPaymentState.CLOSED
    assert Bill.objects.filter(pk=bill.pk, state="cancelled").exists(), "the books point to it"


def test_who_would_pay_a_bill_withdrawn_meanwhile_reads_why_not(his, bill, wang, till, now):
    other = raised(his, now)
    client = make.sitting_of(wang[0])
    his.write(his.read("Invoice", bill.fhir_id) | {"status": "cancelled"})
    page = client.post(f"/me/bills/{bill.public_id}/pay/")
    assert page.status_code == WrongState.status
    assert "已经在窗口结清或撤销" in page.content.decode()
    assert client.post(f"/me/bills/{other.public_id}/pay/").status_code == 302


def test_a_lost_answer_is_asked_for_again_and_pays_once(his, bill, wang, till, now):
    payment = paid(ordered(bill, wang, now), now)
    his.breaks(lose_answer=1, path="PaymentNotice")
    services.tell_bill(payment.pk, at=now)
    assert as_it_is(payment).state == BillPaymentState.PAID
    assert his.read("Invoice", bill.fhir_id)["status"] == "balanced", "it was heard"
    services.sweep_bills(at=now + timedelta(minutes=1))
    assert as_it_is(payment).state == BillPaymentState.TOLD
    assert len([n for n in his.find("PaymentNotice") if bill.fhir_id in str(n)]) == 1


HTML = "<html>no such page</html>"
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "conflict"}]}
OTHER = {"resourceType": "PaymentNotice", "status": "active", "identifier": [{"value": "other"}]}


@pytest.fixture
def between(monkeypatch):
    """Something between us and the cashiers: what we send may reach them, and it answers."""
    send = cashiers.outward.request

    def stands(status, body, *, reaches_them=True):
        def request(method, url, **how):
            if method != "POST" or not url.endswith("/PaymentNotice"):
                return send(method, url, **how)
            if reaches_them:
                send(method, url, **how)
            told = {"json": body} if isinstance(body, dict) else {"text": body}
            return httpx.Response(status, **told)

        monkeypatch.setattr(cashiers.outward, "request", request)

    def goes():
        monkeypatch.setattr(cashiers.outward, "request", send)

    return SimpleNamespace(stands=stands, goes=goes)


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, HTML), (410, ""), (422, OTHER), (409, {}), (200, HTML), (200, OUTCOME), (201, OTHER)],
    ids=str,
)
def test_a_word_that_is_not_the_cashiers_own_decides_nothing(
    bill, wang, till, now, between, status, body
):
    payment = paid(ordered(bill, wang, now), now)
    between.stands(status, body, reaches_them=False)
    services.tell_bill(payment.pk, at=now)
    assert as_it_is(payment).state == BillPaymentState.PAID
    between.goes()
    services.sweep_bills(at=now + timedelta(minutes=1))
    assert as_it_is(payment).state == BillPaymentState.TOLD
    assert not Refund.objects.exists()


def test_money_that_they_have_booked_is_not_given_back_for_a_refusal(
    his, bill, wang, till, now, between
):
    """As of a system that takes our own notice for the reason not to take it again."""
    payment = paid(ordered(bill, wang, now), now)
    between.stands(409, OUTCOME)
    services.tell_bill(payment.pk, at=now)
    assert as_it_is(payment).state == BillPaymentState.TOLD
    assert not Refund.objects.exists()


def test_a_bill_is_not_gone_because_something_between_cannot_find_it(
    bill, wang, till, now, monkeypatch
):
    answer = httpx.Response(404, text=HTML)
    monkeypatch.setattr(cashiers.outward, "request", lambda *_asked, **_how: answer)
    with pytest.raises(Unavailable):
        ordered(bill, wang, now)
    bill.refresh_from_db()
    assert bill.state == BillState.ISSUED


def test_nobody_waits_long_at_the_till_for_the_hospital(bill, wang, till, now, monkeypatch):
    patience = []

    def silent(*_asked, within, **_how):
        patience.append(within)
        raise Unavailable("静")

    monkeypatch.setattr(cashiers.outward, "request", silent)
    with pytest.raises(Unavailable):
        ordered(bill, wang, now)
    assert 0 < patience[0] <= cashiers.TOGETHER


def test_a_silent_hospital_takes_no_new_money_and_hears_of_the_old_later(
    his, bill, wang, till, now
):
    payment = paid(ordered(bill, wang, now), now)
    other = raised(his, now)
    his.is_silent()
    with pytest.raises(Unavailable):
        ordered(other, wang, now)
    for turn in range(services.bills.PATIENCE):
        services.sweep_bills(at=now + timedelta(hours=turn))
    assert as_it_is(payment).state == BillPaymentState.PAID
    assert Alarm.objects.get().kind == "bill-untold"
    his.answers()
    services.sweep_bills(at=now + timedelta(days=1))
    assert as_it_is(payment).state == BillPaymentState.TOLD


def test_a_daughter_pays_for_her_mother_and_a_stranger_sees_nothing(his, bill, wang, till, now):
    lina = consulting.account("13800006630", "李娜")
    with pytest.raises(NotAllowed):
        services.order_bill(bill, wang[1], by=lina, at=now)
    assert not selectors.bills_visible_to(lina).exists()
    link = Link.objects.create(
        account=lina, patient=wang[1], relation="parent", is_proven=True, since=now
    )
    charge = services.order_bill(bill, wang[1], by=lina, at=now)
    assert (charge.payer, hooks.of("bill").words(charge).for_whom) == (lina, "王秀兰")
    with pytest.raises(WrongState) as refused:
        ordered(bill, wang, now)
    assert refused.value.code == "bill-being-paid"
    services.end_link(link, by=lina, at=now)
    assert not selectors.bills_visible_to(lina).exists()
    assert hooks.of("bill").words(charge).lines == (), "what it is for is no longer hers to read"


def test_an_answer_about_another_bill_is_set_aside(his, bill, wang, till, now, monkeypatch):
    other = raised(his, now, patient="zhao-jianmin")
    read = his_services.paying.gateways.read
    monkeypatch.setattr(
        his_services.paying.gateways, "read", lambda kind, _id: read(kind, other.fhir_id)
    )
    with pytest.raises(Unavailable):
        ordered(bill, wang, now)
    assert not Charge.objects.exists()


def test_the_database_lets_one_payment_live_for_a_bill(bill, wang, till, now):
    first = ordered(bill, wang, now)
    other = paying.charge_of(paying.payer(), at=now) if paying.Room().open() else None
    with pytest.raises(IntegrityError, match="bill_paid_once"), transaction.atomic():
        BillPayment.objects.create(bill=bill, charge=other, about=wang[1].public_id, at=now)
    BillPayment.objects.filter(charge=first).update(state="closed")
    BillPayment.objects.create(bill=bill, charge=other, about=wang[1].public_id, at=now)


def test_bills_take_the_same_queries_however_many(
    his, bill, wang, now, django_assert_max_num_queries
):
    for number in range(45):
        Bill.objects.create(
            fhir_id=f"many-{number}",
            person=bill.person,
            at=now - timedelta(days=number),
            state="issued",
            total_fen=100,
            updated_at=now,
            pulled_at=now,
        )
    Fee.objects.filter(bill=bill).update(amount_fen=4600)
    client = make.sitting_of(wang[0])
    with django_assert_max_num_queries(16):
        page = client.get("/me/bills/")
    assert page.content.decode().count('class="row"') >= 20
    assert Person.objects.filter(pk=bill.person_id).exists()
