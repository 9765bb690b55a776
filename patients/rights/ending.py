"""What stands in the way of leaving, and what of the inbox grows too old."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.notifications.models import Notice
from hospital.payments.lifecycle import ChargeState, RefundState
from hospital.payments.models import Charge, Refund
from patients import closing, retention, selectors
from patients.models import Patient

NOTICES_FOR: Final = timedelta(days=365)


def open_money(account: User, patients: Sequence[Patient]) -> Iterator[closing.Block]:
    about = [patient.public_id for patient in patients]
    mine = Charge.objects.filter(payer=account) | Charge.objects.filter(about__in=about)
    if mine.filter(state=ChargeState.OPEN).exists():
        yield closing.Block(
            "charge", _("还有没支付的账单，请先支付或取消。"), reverse("payments:orders")
        )
    if Refund.objects.filter(charge__in=mine).exclude(state=RefundState.DONE).exists():
        yield closing.Block(
            "refund", _("还有退款没有到账，请等到账以后再注销。"), reverse("payments:orders")
        )


def held(account: User, patients: Sequence[Patient]) -> Iterator[closing.Block]:
    for patient in patients:
        if selectors.is_held(patient):
            yield closing.Block(
                "hold",
                _("%(patient)s的病历正在封存，解除封存以后才能注销。请联系医务处。")
                % {"patient": patient.name},
            )


def old_notices(at: datetime, after: int, most: int) -> retention.Purged:
    ids = list(
        Notice.objects.filter(pk__gt=after, at__lte=at - NOTICES_FOR)
        .order_by("pk")
        .values_list("pk", flat=True)[:most]
    )
    gone, _by_model = Notice.objects.filter(pk__in=ids).delete()
    return retention.Purged(gone, ids[-1] if ids else None)
