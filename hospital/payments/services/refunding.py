"""Give money back: asked once, under one number, tried until it is done."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.kernel import jobs
from hospital.kernel.refusals import Refused, Unavailable, WrongState
from hospital.payments import gateways, hooks, selectors
from hospital.payments.gateways import Outcome
from hospital.payments.lifecycle import ChargeState, RefundState
from hospital.payments.models import Charge, Refund
from hospital.payments.services import ledger
from hospital.payments.services.alarms import raise_alarm
from hospital.payments.services.steps import fresh_number, record_refund, step_refund

FIRST_WAIT: Final = timedelta(seconds=15)
LONGEST_WAIT: Final = timedelta(hours=1)
PATIENCE: Final = 5  # tries without an answer before finance is told


@transaction.atomic
def refund(charge: Charge, *, amount_fen: int, reason: str, by: Any, at: datetime) -> Refund:
    """Promise money back, in the caller's transaction, which holds the lock on the subject.

    Refuses what was never paid, and more than is left of what was paid. `reason` is a code.
    """
    charge = selectors.locked(charge)
    if charge.state != ChargeState.PAID:
        raise WrongState(_("这笔费用没有支付，不用退款。"), code="not-paid")
    left = charge.amount_fen - charge.refunded_fen
    if not 0 < amount_fen <= left:
        raise Refused(_("退款不能超过实际支付的金额。"), code="refund-exceeds", left_fen=left)
    charge.refunded_fen += amount_fen
    charge.save(update_fields=["refunded_fen"])
    return give_back(charge, amount_fen, reason=reason, by=by, at=at)


def give_back(charge: Charge, amount_fen: int, *, reason: str, by: Any, at: datetime) -> Refund:
    """The refund of a sum that `charge`, held by the caller, already counts as given back."""
    promised = Refund.objects.create(
        charge=charge,
        amount_fen=amount_fen,
        reason=reason,
        refund_no=fresh_number("R", at),
        asked_at=at,
        due_at=at,
    )
    record_refund("ask", promised, by=by, at=at)
    ledger.post(charge, amount_fen, into=charge.kind, out_of=ledger.HELD, refund=promised, at=at)
    jobs.after_commit("payments.send_refund", promised.pk)
    return promised


def send_refund(refund_id: int, *, at: datetime) -> Refund:
    """Ask the gateway for one due refund, or how it stands; always under the same number.

    Not atomic: claim, gateway, settle. A lost answer costs time, never a second refund.
    """
    promised = _claim(refund_id, at=at)
    if promised is None:
        return Refund.objects.get(pk=refund_id)
    try:
        outcome = gateways.channel("wechat").refund(promised)
    except Unavailable:
        return _unanswered(promised, at=at)
    return conclude(promised, outcome, at=at)


@transaction.atomic
def _claim(refund_id: int, *, at: datetime) -> Refund | None:
    """The refund if it is due, put off so that nobody else sends it at the same time."""
    promised = Refund.objects.select_for_update().filter(pk=refund_id, due_at__lte=at).first()
    if promised is None or promised.state == RefundState.DONE:
        return None
    promised.due_at = at + min(FIRST_WAIT * 2 ** min(promised.tries, 10), LONGEST_WAIT)
    promised.tries += 1
    promised.save(update_fields=["due_at", "tries"])
    return promised


@transaction.atomic
def _unanswered(promised: Refund, *, at: datetime) -> Refund:
    promised = selectors.locked_refund(promised)
    promised.error = "unanswered"
    promised.save(update_fields=["error"])
    if promised.tries >= PATIENCE:
        raise_alarm(
            "refund-unanswered", trade_no=promised.charge.trade_no, at=at, refund=promised.refund_no
        )
    return promised


@transaction.atomic
def conclude(promised: Refund, outcome: Outcome, *, at: datetime) -> Refund:
    """Take what the gateway says about a refund; told again, or too late, nothing happens."""
    charge = promised.charge
    hooks.of(charge.kind).lock(charge.subject)
    selectors.locked(charge)
    promised = selectors.locked_refund(promised)
    match outcome.step:
        case _ if promised.state == RefundState.DONE:
            return promised
        case "finish":
            return _finish(promised, at=at)
        case "fail":
            return _fail(promised, outcome.code, at=at)
        case _ if promised.state in (RefundState.ASKED, RefundState.FAILED):
            promised.error = ""
            return step_refund("send", promised, by=None, at=at)
    return promised


def _finish(promised: Refund, *, at: datetime) -> Refund:
    promised.done_at, promised.error = at, ""
    step_refund("finish", promised, by=None, at=at)
    ledger.post(
        promised.charge,
        promised.amount_fen,
        into=ledger.HELD,
        out_of=ledger.GATEWAY,
        refund=promised,
        at=at,
    )
    hooks.of(promised.charge.kind).refunded(promised, at)
    return promised


def _fail(promised: Refund, code: str, *, at: datetime) -> Refund:
    """Finance is told; the sweep goes on trying under the same number."""
    promised.error = code
    trade_no = promised.charge.trade_no
    raise_alarm("refund-failed", trade_no=trade_no, at=at, refund=promised.refund_no, code=code)
    if promised.state == RefundState.FAILED:
        promised.save(update_fields=["error"])
        return promised
    return step_refund("fail", promised, by=None, at=at, code=code)
