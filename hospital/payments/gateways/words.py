"""What payment platforms say, in our words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


class AlreadyPaid(Exception):
    """The order was paid before this call."""


@dataclass(frozen=True)
class Payment:
    """Somebody paid: which order of ours, how much, under which number of theirs."""

    merchant: tuple[str, str]
    trade_no: str
    transaction_id: str
    amount_fen: int
    currency: str
    paid_at: datetime


@dataclass(frozen=True)
class Outcome:
    """How a refund stands: sent (still under way), finished or failed, and why."""

    step: Literal["send", "finish", "fail"]
    code: str = ""


@dataclass(frozen=True)
class RefundNews:
    mchid: str
    trade_no: str
    refund_no: str
    amount_fen: int
    total_fen: int
    outcome: Outcome
