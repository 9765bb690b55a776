"""The payment platforms seen from here: one adapter for each channel, one set of words for all."""

from functools import cache
from typing import Protocol

from django.utils.translation import gettext as _

from hospital.kernel.refusals import Refused
from hospital.payments.gateways.wechat import WeChat
from hospital.payments.gateways.words import AlreadyPaid, Outcome, Payment, RefundNews
from hospital.payments.models import Charge, Refund

__all__ = ["AlreadyPaid", "Channel", "Outcome", "Payment", "RefundNews", "channel"]


class Channel(Protocol):
    """What a payment platform does for us. All raise `Unavailable`; none runs in a transaction."""

    def prepay(self, charge: Charge, *, ip: str) -> str:
        """Where the payer pays; the same order again. Raises `AlreadyPaid`."""

    def query(self, charge: Charge) -> Payment | None:
        """The payment, if there was one."""

    def close(self, charge: Charge) -> None:
        """Nobody can pay it any more. Raises `AlreadyPaid`."""

    def refund(self, refund: Refund) -> Outcome:
        """Ask for a refund, or how the one of this number stands: the two are one call."""

    @property
    def merchant(self) -> tuple[str, str]:
        """Who we are there: our merchant and app ids."""


@cache
def _wechat() -> WeChat:
    return WeChat()


def channel(name: str) -> Channel:
    if name != "wechat":
        raise Refused(_("暂不支持这种支付方式。"), code="channel-unknown")
    return _wechat()
