"""在线缴费: pay a bill of the hospital here, so that nobody pays it twice.

The hospital's cashiers decide. They are asked before anybody is sent to pay, and told when money
has come; who paid at the window meanwhile gets back what was paid here.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit.services import record
from hospital.his import services as his
from hospital.his.models import Bill, BillState
from hospital.his.services import Answer
from hospital.kernel import jobs
from hospital.kernel.refusals import Unavailable, WrongState, require
from hospital.payments import services as payments
from hospital.payments.lifecycle import ChargeState
from hospital.payments.models import Charge
from hospital.policy import selectors as policies
from patients import selectors
from patients.lifecycle import BILL_PAYMENT, BillPaymentState
from patients.models import BillPayment, Patient
from patients.permissions import may_act_for
from patients.services.telling import of_a_bill

KIND: Final = "bill"  # of the charge
FIRST_WAIT: Final = timedelta(seconds=15)
LONGEST_WAIT: Final = timedelta(hours=1)
PATIENCE: Final = 5  # tries without an answer before finance is told


def order_bill(bill: Bill, patient: Patient, *, by: Any, at: datetime) -> Charge:
    """The charge by which `by` pays this bill; asked again, the same one while it can be paid.

    Not atomic: the cashiers are asked first. Raises `Unavailable` where they do not answer:
    money that nobody could be told of is not taken.
    """
    require(may_act_for(by, patient), _("只有患者本人或家属可以缴费。"))
    bill = his.ask_bill(bill, at=at)
    return _order(bill, patient, by=by, at=at)


@transaction.atomic
def _order(bill: Bill, patient: Patient, *, by: Any, at: datetime) -> Charge:
    selectors.lock_bill(bill.public_id)
    bill.refresh_from_db()
    require(may_act_for(by, patient), _("只有患者本人或家属可以缴费。"))
    living = selectors.living_payment(bill)
    if living is not None and living.state != BillPaymentState.OPEN:
        raise WrongState(_("这张账单已经在线上付过，不用再付。"), code="bill-paid")
    if bill.state != BillState.ISSUED or not bill.total_fen:
        raise WrongState(_("这张账单已经在窗口结清或撤销，不用再付。"), code="bill-settled")
    if living is not None:
        if _is_same(living.charge, bill, by=by, at=at):
            return living.charge
        _close(living, at=at)
    return _open(bill, patient, by=by, at=at)


def _is_same(charge: Charge, bill: Bill, *, by: Any, at: datetime) -> bool:
    """Whether this open charge is the one to pay. Another person's is theirs until its time ends;
    one that is over, or of a sum that has changed, is to be closed."""
    if charge.expires_at <= at or charge.amount_fen != bill.total_fen:
        return False
    if charge.payer_id != by.pk:
        raise WrongState(
            _("家人正在支付这张账单，请等对方付完，或 15 分钟后再试。"), code="bill-being-paid"
        )
    return True


def _open(bill: Bill, patient: Patient, *, by: Any, at: datetime) -> Charge:
    charge = payments.open_charge(
        KIND,
        bill.public_id,
        payer=by,
        about=patient.public_id,
        stream=None,
        what=gettext_noop("院内缴费"),
        amount_fen=bill.total_fen,
        expires_at=at + timedelta(minutes=policies.current().values.pay_minutes),
        at=at,
    )
    payment = BillPayment.objects.create(bill=bill, charge=charge, about=patient.public_id, at=at)
    _note("order", payment, by=by, at=at, amount_fen=charge.amount_fen)
    return charge


def bill_settled(charge: Charge, at: datetime) -> bool:
    """The money came; False where the bill no longer wants it. In payments' own transaction,
    which holds the bill."""
    payment = selectors.payment_of(charge)
    if payment is None or payment.state != BillPaymentState.OPEN:
        return False
    payment = selectors.locked_payment(payment)
    if payment.bill.state != BillState.ISSUED or payment.bill.total_fen != charge.amount_fen:
        _step("close", payment, by=None, at=at)
        return False
    payment.due_at = at
    _step("pay", payment, by=charge.payer, at=at)
    jobs.after_commit("patients.tell_bill", payment.pk)
    return True


def bill_expired(charge: Charge, at: datetime) -> None:
    """Nobody paid in time. In payments' own transaction, which holds the bill."""
    payment = selectors.payment_of(charge)
    if payment is not None and payment.state == BillPaymentState.OPEN:
        _step("close", selectors.locked_payment(payment), by=None, at=at)


def tell_bill(payment_id: int, *, at: datetime) -> None:
    """Tell the cashiers of one payment that they do not know of yet. Not atomic.

    Told under one number, so a lost answer is asked for again and never paid twice. Where they
    refuse it, the money goes back.
    """
    payment = _claim(payment_id, at=at)
    if payment is None:
        return
    charge = payment.charge
    assert charge.paid_at is not None, "a payment without its time"
    try:
        answer = his.tell_paid(
            payment.bill,
            payment_no=charge.trade_no,
            amount_fen=charge.amount_fen,
            paid_at=charge.paid_at,
        )
    except Unavailable:
        if payment.tries >= PATIENCE:
            payments.raise_alarm("bill-untold", trade_no=charge.trade_no, at=at)
        return
    _conclude(payment, answer, at=at)


@transaction.atomic
def _claim(payment_id: int, *, at: datetime) -> BillPayment | None:
    """The payment if it is due, put off so that nobody else tells it at the same time."""
    rows = BillPayment.objects.select_for_update(of=("self",)).select_related("charge", "bill")
    payment = rows.filter(pk=payment_id, state=BillPaymentState.PAID, due_at__lte=at).first()
    if payment is None:
        return None
    payment.due_at = at + min(FIRST_WAIT * 2 ** min(payment.tries, 10), LONGEST_WAIT)
    payment.tries += 1
    payment.save(update_fields=["due_at", "tries"])
    return payment


@transaction.atomic
def _conclude(payment: BillPayment, answer: Answer, *, at: datetime) -> None:
    payment = selectors.locked_payment(payment)
    if payment.state != BillPaymentState.PAID:
        return
    if answer == Answer.ACCEPTED:
        payment.told_at = at
        _step("tell", payment, by=None, at=at)
        return
    _step("return", payment, by=None, at=at)
    charge = payment.charge
    payments.refund(charge, amount_fen=charge.amount_fen, reason="paid-there", by=None, at=at)
    of_a_bill(payment, at=at)


def sweep_bills(*, at: datetime) -> int:
    """Tell what is to be told, close what was settled at the window. Safe to run twice."""
    done = 0
    for payment in selectors.payments_overtaken():
        done += close_overtaken(payment, at=at)
    for pk in selectors.payments_to_tell(at):
        tell_bill(pk, at=at)
        done += 1
    return done


@transaction.atomic
def close_overtaken(payment: BillPayment, *, at: datetime) -> bool:
    """Nobody shall pay what is no longer to be paid; False where it is, after all."""
    payment = selectors.locked_payment(payment)
    bill, charge = payment.bill, payment.charge
    stands = bill.state == BillState.ISSUED and bill.total_fen == charge.amount_fen
    if payment.state != BillPaymentState.OPEN or stands:
        return False
    _close(payment, at=at)
    return True


def _close(payment: BillPayment, *, at: datetime) -> None:
    """In a transaction that holds the bill. Money that is under way comes back by itself."""
    if payments.close(payment.charge, at=at).state == ChargeState.CLOSED:
        _step("close", payment, by=None, at=at)


def _step(step: str, payment: BillPayment, *, by: Any, at: datetime) -> BillPayment:
    before = payment.state
    payment.state = BILL_PAYMENT.after(before, step)
    payment.save()
    _note(step, payment, by=by, at=at, before=before)
    return payment


def _note(step: str, payment: BillPayment, *, by: Any, at: datetime, **facts: Any) -> None:
    record(
        f"bill.{step}",
        by=by,
        on=payment,
        at=at,
        about=payment.about,
        after=payment.state,
        trade_no=payment.charge.trade_no,
        **facts,
    )
