"""What this room answers to the rooms below it, registered in `apps.py`."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hospital.kernel.money import yuan
from hospital.payments.hooks import Words
from hospital.payments.models import Charge, Refund
from prescriptions import selectors
from prescriptions.models import Delivery
from prescriptions.services.telling import tell_patient


def lock(subject: UUID) -> None:
    """Payments asks for this before it locks a charge of ours."""
    row = selectors.of_subject(subject)
    if row is not None:
        selectors.locked(row)


def refunded(refund: Refund, at: datetime) -> None:
    row = selectors.of_subject(refund.charge.subject)
    if row is None:
        return
    body = gettext_noop("药费 %(sum)s 元已退回，请留意支付账户。")
    names = {"sum": yuan(refund.amount_fen)}
    tell_patient(row, gettext_noop("药费已退回"), body, at=at, names=names)


def words(charge: Charge) -> Words:
    """What the payer reads beside the sum."""
    row = selectors.of_subject(charge.subject)
    if row is None:
        return Words("")
    delivery = Delivery.objects.filter(prescription=row).first()
    modes = {"courier": _("快递到家"), "window": _("到院自取")}
    lines = [(_("药品费"), f"¥{yuan(row.amount_fen)}")]
    if delivery is not None:
        lines.append((_("取药方式"), modes[delivery.mode]))
        if delivery.fee_fen:
            lines.append((_("配送费"), f"¥{yuan(delivery.fee_fen)}"))
    address = reverse("prescriptions:prescription", args=[row.public_id])
    return Words(row.patient.name, lines, address)
