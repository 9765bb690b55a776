"""Open a charge, send its payer to the cashier, close it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from hospital.kernel import jobs
from hospital.kernel.refusals import WrongState, require
from hospital.payments import gateways, selectors
from hospital.payments.lifecycle import ChargeState
from hospital.payments.models import Charge
from hospital.payments.permissions import may_pay
from hospital.payments.services.settling import query
from hospital.payments.services.steps import fresh_number, step_charge


@transaction.atomic
def open_charge(
    kind: str,
    subject: UUID,
    *,
    payer: Any,
    about: UUID | None,
    stream: UUID | None,
    what: str,
    amount_fen: int,
    expires_at: datetime,
    at: datetime,
) -> Charge:
    """Ask `payer` for a sum, in the caller's transaction, which holds the lock on the subject.

    `what` is read by the payer and by the gateway: no clinical words. One charge lives for one
    subject at a time; the database refuses a second.
    """
    charge = Charge.objects.create(
        kind=kind,
        subject=subject,
        payer=payer,
        about=about,
        stream=stream,
        what=what,
        amount_fen=amount_fen,
        trade_no=fresh_number("C", at),
        opened_at=at,
        expires_at=expires_at,
    )
    record(
        "charge.open",
        by=payer,
        on=charge,
        at=at,
        about=about,
        stream=stream,
        after=charge.state,
        kind_of_charge=kind,
        amount_fen=amount_fen,
    )
    return charge


def pay(charge: Charge, *, by: Any, at: datetime, channel: str = "wechat", ip: str = "") -> str:
    """Where the payer goes now to pay. Not atomic: ask, gateway, settle.

    Raises `Unavailable` where the gateway is silent: the charge stays open. Asking again gives
    the same order of the gateway, never a second one.
    """
    charge = _ask_to_pay(charge, by=by, at=at)
    try:
        address = gateways.channel(channel).prepay(charge, ip=ip)
    except gateways.AlreadyPaid:
        query(charge.pk, at=at)
        raise WrongState(_("这笔费用已经支付，不用再付。"), code="already-paid") from None
    if not _keep_address(charge, address):
        gateways.channel(channel).close(charge)
        raise _too_late()
    return address


@transaction.atomic
def _ask_to_pay(charge: Charge, *, by: Any, at: datetime) -> Charge:
    charge = selectors.locked(charge)
    require(may_pay(by, charge), _("这笔费用应由下单的人支付。"))
    if charge.state == ChargeState.PAID:
        raise WrongState(_("这笔费用已经支付，不用再付。"), code="already-paid")
    if charge.state != ChargeState.OPEN or charge.expires_at <= at:
        raise _too_late()
    charge.asked_at = at
    charge.save(update_fields=["asked_at"])
    record("charge.ask", by=by, on=charge, at=at, about=charge.about, stream=charge.stream)
    return charge


@transaction.atomic
def _keep_address(charge: Charge, address: str) -> bool:
    """False where the charge was closed while the gateway thought."""
    charge = selectors.locked(charge)
    if charge.state == ChargeState.CLOSED:
        return False
    charge.prepay = address
    charge.save(update_fields=["prepay"])
    return True


@transaction.atomic
def close(charge: Charge, *, at: datetime, by: Any = None) -> Charge:
    """Nobody shall pay this any more; in the caller's transaction, which holds the subject.

    A paid charge is refused: refund it. The gateway is told afterwards; money that comes in
    between goes back by itself. Closing again is no harm.
    """
    charge = selectors.locked(charge)
    if charge.state == ChargeState.CLOSED:
        return charge
    charge = step_charge("close", charge, by=by, at=at)
    jobs.after_commit("payments.shut", charge.pk)
    return charge


def _too_late() -> WrongState:
    return WrongState(_("这笔费用已经关闭，没有扣款。请重新下单。"), code="charge-closed")
