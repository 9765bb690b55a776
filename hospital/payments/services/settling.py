"""The gateway says that somebody paid: believe it once, and only about our own sum."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.kernel.refusals import Refused
from hospital.payments import gateways, hooks, selectors
from hospital.payments.gateways import Payment
from hospital.payments.lifecycle import ChargeState
from hospital.payments.models import Charge
from hospital.payments.services import ledger
from hospital.payments.services.alarms import alarm
from hospital.payments.services.refunding import give_back, refund
from hospital.payments.services.steps import step_charge

CURRENCY = "CNY"


@transaction.atomic
def settle(
    trade_no: str,
    transaction_id: str,
    amount_fen: int,
    currency: str,
    paid_at: datetime,
    *,
    at: datetime,
) -> Charge:
    """Take the payment of one charge and tell its room; told again, nothing happens.

    Another sum, another currency or a second transaction is refused with an alarm. Money for a
    charge that was closed, or that its room no longer wants, goes back in the same transaction.
    """
    charge = _held(trade_no, at)
    told = {"transaction_id": transaction_id, "amount_fen": amount_fen, "currency": currency}
    if charge.state == ChargeState.PAID and charge.transaction_id == transaction_id:
        return charge
    if charge.state == ChargeState.PAID or (amount_fen, currency) != (charge.amount_fen, CURRENCY):
        raise mismatch(trade_no, at, **told)
    late = charge.state == ChargeState.CLOSED
    charge.transaction_id, charge.paid_at = transaction_id, paid_at
    if late:  # in one change of the row: a new charge may already live for the same subject
        charge.refunded_fen = charge.amount_fen
    step_charge("settle", charge, by=None, at=at, late=late)
    ledger.post(charge, charge.amount_fen, into=ledger.GATEWAY, out_of=charge.kind, at=at)
    if late:
        give_back(charge, charge.amount_fen, reason="late", by=None, at=at)
    elif not hooks.of(charge.kind).settled(charge, at):
        refund(charge, amount_fen=charge.amount_fen, reason="not-wanted", by=None, at=at)
    return charge


def settle_payment(payment: Payment, *, at: datetime, expected: str | None = None) -> Charge:
    """Settle what the gateway tells, if it speaks to us and of the order that was meant."""
    ours = payment.merchant == gateways.channel("wechat").merchant
    if not ours or (expected or payment.trade_no) != payment.trade_no:
        raise mismatch(payment.trade_no, at, merchant=list(payment.merchant))
    return settle(
        payment.trade_no,
        payment.transaction_id,
        payment.amount_fen,
        payment.currency,
        payment.paid_at,
        at=at,
    )


def query(charge_id: int, *, at: datetime) -> Charge:
    """Ask the gateway what became of a charge, and believe it. Not atomic."""
    charge = Charge.objects.get(pk=charge_id)
    payment = gateways.channel("wechat").query(charge)
    Charge.objects.filter(pk=charge_id).update(asked_at=at)
    if payment is not None:
        settle_payment(payment, expected=charge.trade_no, at=at)
    charge.refresh_from_db()
    return charge


def mismatch(trade_no: str, at: datetime, **told: object) -> Refused:
    return Refused(
        _("支付平台的通知与我们的账单不一致，已转财务核对。"),
        code="payment-mismatch",
        keep=alarm("mismatch", trade_no=trade_no[:32], at=at, **told),
    )


def _held(trade_no: str, at: datetime) -> Charge:
    """The charge under lock, its subject locked before it."""
    charge = Charge.objects.filter(trade_no=trade_no).first()
    if charge is None:
        raise Refused(
            _("没有这张账单。"),
            code="charge-unknown",
            keep=alarm("unknown", trade_no=trade_no[:32], at=at),
        )
    hooks.of(charge.kind).lock(charge.subject)
    return selectors.locked(charge)
