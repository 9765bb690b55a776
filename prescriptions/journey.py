"""A prescription's way as patients see it: five steps, and what happened when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hospital.kernel.money import yuan
from prescriptions.lifecycle import DeliveryState, State
from prescriptions.models import Delivery, Prescription

_WAITING, _NOW, _DONE = "", "is-now", "is-done"


@dataclass(frozen=True)
class Step:
    label: str
    look: str


@dataclass(frozen=True)
class Moment:
    icon: str
    words: str
    at: datetime
    more: str = ""


def delivery_of(prescription: Prescription) -> Delivery | None:
    return getattr(prescription, "delivery", None)


def is_unpaid(prescription: Prescription) -> bool:
    delivery = delivery_of(prescription)
    return delivery is None or delivery.state == DeliveryState.ORDERED


def steps_of(prescription: Prescription) -> list[Step]:
    """开方 · 审方 · 缴费 · 配送 (or 取药) · 签收."""
    delivery = delivery_of(prescription)
    at_window = delivery is not None and delivery.mode == "window"
    labels = [_("开方"), _("审方"), _("缴费"), _("取药") if at_window else _("配送"), _("签收")]
    reached = _reached(prescription, delivery)
    looks = [_DONE if n < reached else _NOW if n == reached else _WAITING for n in range(5)]
    return [Step(label, look) for label, look in zip(labels, looks, strict=True)]


def _reached(prescription: Prescription, delivery: Delivery | None) -> int:
    """How many steps are behind it."""
    if prescription.state not in (State.APPROVED, State.DISPENSED):
        return 1
    if delivery is None or delivery.state == DeliveryState.ORDERED:
        return 2
    return 5 if delivery.state == DeliveryState.DELIVERED else 3


def timeline_of(prescription: Prescription) -> list[Moment]:
    """What has happened, the newest first."""
    row, delivery = prescription, delivery_of(prescription)
    found: list[Moment] = []
    if row.signed_at:
        words = _("%(doctor)s医生开具处方") % {"doctor": row.doctor.name}
        found.append(Moment("notebook-pen", words, row.signed_at))
    if row.reviewed_at and row.reviewer:
        by = _("药师 %(name)s") % {"name": row.reviewer.name}
        found.append(Moment("shield-check", _review_words(row), row.reviewed_at, by))
    if row.charge and row.charge.paid_at:
        words = _("已缴费 ¥%(sum)s") % {"sum": yuan(row.charge.amount_fen)}
        found.append(Moment("wallet", words, row.charge.paid_at))
    dispensing = getattr(row, "dispensing", None)
    if dispensing:
        by = _("药师 %(name)s 复核发药") % {"name": dispensing.by.name}
        found.append(Moment("package", _("药房已发药"), dispensing.at, by))
    if delivery:
        found += _travels(delivery)
    # Couriers tell whole seconds; what happened within one stays in the order of the way.
    oldest_first = sorted(found, key=lambda moment: moment.at.replace(microsecond=0))
    return oldest_first[::-1]


def _review_words(prescription: Prescription) -> str:
    if prescription.state == State.RETURNED or not prescription.pharmacist_signature:
        rejected = prescription.state == State.REJECTED
        return _("药师没有通过") if rejected else _("药师请医生修改")
    return _("药师审核通过")


def _travels(delivery: Delivery) -> list[Moment]:
    told = reversed(delivery.tracks.all())  # the oldest first
    is_here = delivery.delivered_at is not None
    moments = [
        Moment("truck", track.words or track.status, track.at)
        for track in told
        if not (is_here and track.status == DeliveryState.DELIVERED)
    ]
    if delivery.delivered_at:
        moments.append(Moment("circle-check", _("已签收"), delivery.delivered_at))
    return moments
