"""Act on a notification of the gateway, once however often it is told."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.kernel.refusals import Refused
from hospital.payments import gateways
from hospital.payments.gateways.notifications import News
from hospital.payments.gateways.words import Payment, RefundNews
from hospital.payments.models import Notification, Refund
from hospital.payments.services.alarms import alarm
from hospital.payments.services.refunding import conclude
from hospital.payments.services.settling import mismatch, settle_payment


@transaction.atomic
def hear(news: News, *, at: datetime) -> None:
    """The same news twice waits for the first and then does nothing.

    Refused, with an alarm and without a change, where it does not agree with our own rows.
    """
    _word, is_new = Notification.objects.get_or_create(
        gateway=news.gateway,
        notification_id=news.id,
        defaults={"kind": news.kind, "digest": news.digest, "at": at},
    )
    if not is_new:
        return
    match news.content:
        case Payment():
            settle_payment(news.content, at=at)
        case RefundNews():
            _hear_refund(news.content, at=at)


def _hear_refund(news: RefundNews, *, at: datetime) -> None:
    refund = Refund.objects.select_related("charge").filter(refund_no=news.refund_no).first()
    if refund is None:
        raise Refused(
            _("没有这笔退款。"),
            code="refund-unknown",
            keep=alarm(
                "unknown-refund", trade_no=news.trade_no[:32], at=at, refund=news.refund_no[:64]
            ),
        )
    ours, _appid = gateways.channel("wechat").merchant
    charge = refund.charge
    said = (news.mchid, news.trade_no, news.amount_fen, news.total_fen)
    if said != (ours, charge.trade_no, refund.amount_fen, charge.amount_fen):
        raise mismatch(charge.trade_no, at, refund=news.refund_no, amount_fen=news.amount_fen)
    conclude(refund, news.outcome, at=at)
