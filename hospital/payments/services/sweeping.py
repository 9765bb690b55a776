"""Find what nobody told us, close what nobody paid, send what is owed. Every ten seconds."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from hospital.kernel.answers import keep_evidence
from hospital.kernel.refusals import Refused, Unavailable
from hospital.payments import gateways, hooks, selectors
from hospital.payments.lifecycle import ChargeState
from hospital.payments.models import Charge
from hospital.payments.services.refunding import send_refund
from hospital.payments.services.settling import query
from hospital.payments.services.steps import step_charge

log = logging.getLogger(__name__)


def sweep(*, at: datetime) -> int:
    """How many rows were looked after. Two sweeps at once do nothing twice."""
    return (
        _each(selectors.refunds_due(at), send_refund, at=at)
        + _each(selectors.unanswered(at), query, at=at)
        + _each(selectors.expired(at), expire, at=at)
        + _each(selectors.still_payable(), shut, at=at)
    )


def expire(charge_id: int, *, at: datetime) -> None:
    """Close a charge whose time is over, at the gateway first; paid meanwhile, it is settled."""
    charge = Charge.objects.get(pk=charge_id)
    if _shut_at_gateway(charge, at=at):
        _expire(charge, at=at)


@transaction.atomic
def _expire(charge: Charge, *, at: datetime) -> None:
    hook = hooks.of(charge.kind)
    hook.lock(charge.subject)
    charge = selectors.locked(charge)
    if charge.state == ChargeState.OPEN and charge.expires_at <= at:
        charge.shut_at = at
        hook.closed(step_charge("close", charge, by=None, at=at, expired=True), at)


def shut(charge_id: int, *, at: datetime) -> None:
    """Tell the gateway that a charge is closed here; a payment found there goes back."""
    charge = Charge.objects.get(pk=charge_id)
    if charge.state == ChargeState.CLOSED and _shut_at_gateway(charge, at=at):
        Charge.objects.filter(pk=charge_id).update(shut_at=at)


def _shut_at_gateway(charge: Charge, *, at: datetime) -> bool:
    """False where it was paid after all; then it is settled."""
    if charge.asked_at is None:
        return True
    try:
        gateways.channel("wechat").close(charge)
    except gateways.AlreadyPaid:
        query(charge.pk, at=at)
        return False
    return True


def _each(ids: Iterable[int], work: Callable[..., Any], *, at: datetime) -> int:
    """One after another; a silent gateway ends the round, one bad row does not."""
    done = 0
    for pk in ids:
        try:
            work(pk, at=at)
        except Unavailable:
            break
        except Refused as refusal:
            keep_evidence(refusal)
        except DatabaseError:
            log.exception("sweep of %s stumbled over %s", work.__name__, pk)
        done += 1
    return done
