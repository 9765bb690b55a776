"""A person's own charges, and what is due with the gateway."""

from datetime import datetime, timedelta
from typing import Any, Final, Literal

from django.db.models import Prefetch, QuerySet

from hospital.payments.lifecycle import ChargeState, RefundState
from hospital.payments.models import Charge, Refund

ASK_EVERY: Final = timedelta(seconds=20)  # a payer who went to the cashier is not kept in doubt
MANY: Final = 50  # in one sweep
Stage = Literal["open", "waiting", "paid", "returned", "closed"]


def visible_to(user: Any) -> QuerySet[Charge]:
    """The charges this person pays, with their refunds."""
    newest = Prefetch("refunds", Refund.objects.order_by("-asked_at", "-pk"))
    return Charge.objects.filter(payer=user).prefetch_related(newest)


def stage_of(charge: Charge, at: datetime) -> Stage:
    """How far a charge is for its payer: money under way counts until the gateway has spoken."""
    match charge.state:
        case ChargeState.PAID:
            return "returned" if charge.refunded_fen == charge.amount_fen else "paid"
        case ChargeState.OPEN if charge.prepay:
            return "waiting"
        case ChargeState.OPEN if charge.expires_at > at:
            return "open"
    return "closed"


def locked(charge: Charge) -> Charge:
    """The row as it stands now, held until the transaction ends."""
    return Charge.objects.select_for_update().get(pk=charge.pk)


def locked_refund(refund: Refund) -> Refund:
    return Refund.objects.select_for_update().get(pk=refund.pk)


def unanswered(at: datetime) -> list[int]:
    """Open charges whose payer went to the cashier, and whose outcome nobody told us yet."""
    gone_to_pay = Charge.objects.filter(state=ChargeState.OPEN, expires_at__gt=at)
    asked = gone_to_pay.filter(asked_at__lt=at - ASK_EVERY).order_by("asked_at")
    return list(asked.values_list("pk", flat=True)[:MANY])


def expired(at: datetime) -> list[int]:
    late = Charge.objects.filter(state=ChargeState.OPEN, expires_at__lte=at)
    return list(late.order_by("expires_at").values_list("pk", flat=True)[:MANY])


def still_payable() -> list[int]:
    """Charges closed here that the gateway may still take money for."""
    ours = Charge.objects.filter(state=ChargeState.CLOSED, asked_at__isnull=False, shut_at=None)
    return list(ours.order_by("pk").values_list("pk", flat=True)[:MANY])


def refunds_due(at: datetime) -> list[int]:
    due = Refund.objects.exclude(state=RefundState.DONE).filter(due_at__lte=at)
    return list(due.order_by("due_at").values_list("pk", flat=True)[:MANY])
