"""The medicines travel: handed to a courier, followed, received; or fetched at the window."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from doctors import selectors as doctors
from hospital.kernel.refusals import Refused, WrongState, require
from hospital.payments import services as payments
from patients import selectors as patients
from prescriptions import gateways, selectors
from prescriptions.lifecycle import DELIVERY, DeliveryState, State
from prescriptions.models import Delivery, Prescription, Track
from prescriptions.permissions import may_act_for, may_dispense
from prescriptions.pharmacy import medicine_of
from prescriptions.services.steps import note, step_delivery
from prescriptions.services.telling import tell_patient


def ship(delivery: Delivery, *, by: Any, at: datetime) -> Delivery:
    """Hand a dispensed parcel to the courier. Not atomic: ask, courier, settle.

    The courier knows the delivery by our own number, so after a lost answer the same call gets
    the same parcel. Raises `Unavailable` where it is silent; nothing has changed then.
    """
    delivery, items, is_cold = _ask_to_ship(delivery, by=by)
    parcel = gateways.order(delivery, items=items, is_cold=is_cold)
    return _settle_shipped(delivery, parcel, by=by, at=at)


@transaction.atomic
def _ask_to_ship(delivery: Delivery, *, by: Any) -> tuple[Delivery, list[str], bool]:
    delivery = selectors.locked_delivery(delivery)
    require(may_dispense(by, doctors.clinician_of(by, "pharmacist")), _("只有药师可以发货。"))
    if delivery.mode != "courier":
        raise WrongState(_("患者选择到院自取，不用寄。"), code="at-the-window")
    DELIVERY.after(delivery.state, "ship")
    if delivery.prescription.state != State.DISPENSED:
        raise WrongState(_("请先发药，再交给快递。"), code="not-dispensed")
    if not patients.has_consent(delivery.prescription.patient, "courier"):
        raise Refused(
            _("患者撤回了向快递公司提供收货信息的同意。请联系患者重新同意，或改为到院自取。"),
            code="courier-consent",
        )
    lines = list(delivery.prescription.lines.select_related("drug"))
    packs = sum(line.packs for line in lines)
    is_cold = any(medicine_of(line.drug).is_refrigerated for line in lines)
    # the courier learns how much there is, never what
    return delivery, [_("药品 %(packs)s 盒") % {"packs": packs}], is_cold


@transaction.atomic
def _settle_shipped(
    delivery: Delivery, parcel: gateways.Parcel, *, by: Any, at: datetime
) -> Delivery:
    delivery = selectors.locked_delivery(delivery)
    if delivery.state != DeliveryState.PACKED:  # somebody else's call got the same parcel
        return delivery
    delivery.waybill, delivery.shipped_at = parcel.waybill, at
    step_delivery(
        "ship", delivery, by=by, at=at, changed=("waybill", "shipped_at"), waybill=parcel.waybill
    )
    body = gettext_noop("运单号 %(waybill)s，可以在处方里看物流。")
    names = {"waybill": parcel.waybill}
    tell_patient(delivery.prescription, gettext_noop("药品已发货"), body, at=at, names=names)
    for news in parcel.news:
        _take(delivery, news, at=at)
    return delivery


@transaction.atomic
def collect_instead(prescription: Prescription, *, by: Any, at: datetime) -> Delivery:
    """Fetch the medicines at the window after all, as long as no courier has them.

    What the courier was paid for goes back. The address is forgotten.
    """
    row = Delivery.objects.select_related("prescription").filter(prescription=prescription).first()
    if row is None:
        raise WrongState(_("还没有选择取药方式。"), code="not-ordered")
    delivery = selectors.locked_delivery(row)
    require(may_act_for(by, delivery.prescription), _("只有患者本人或家属可以选择取药方式。"))
    if delivery.mode == "window":
        return delivery
    if delivery.state != DeliveryState.PACKED:
        raise WrongState(_("药已经交给快递，或还没有付款，不能改为自取。"), code="not-packed")
    charge, fee = delivery.prescription.charge, delivery.fee_fen
    delivery.mode, delivery.to, delivery.fee_fen = "window", None, 0
    delivery.save(update_fields=["mode", "to", "fee_fen"])
    if charge is not None and fee:
        payments.refund(charge, amount_fen=fee, reason="collected", by=by, at=at)
    note("prescription.collect", delivery.prescription, by=by, at=at, fee_fen=fee)
    return delivery


@transaction.atomic
def hear_courier(news: gateways.News, *, at: datetime) -> Delivery:
    """Take one piece of news about a parcel of ours; told again, nothing happens."""
    row = Delivery.objects.select_related("prescription").filter(**_known_as(news)).first()
    if row is None or row.waybill not in (None, news.waybill):
        raise Refused(_("没有这个包裹。"), code="parcel-unknown")
    delivery = selectors.locked_delivery(row)
    if delivery.waybill is None:
        # the parcel is on its way before its order was answered: the courier tells us again
        raise WrongState(_("这个包裹还没有发出。"), code="not-shipped")
    _take(delivery, news, at=at)
    return delivery


def _known_as(news: gateways.News) -> dict[str, Any]:
    """Our own number is on the order; one that is no UUID belongs to nobody."""
    try:
        return {"public_id": UUID(news.order_no)}
    except ValueError:
        return {"pk": None}


def _take(delivery: Delivery, news: gateways.News, *, at: datetime) -> None:
    """Keep it once, and take the step that it means, if that is still to be taken."""
    _track, is_new = Track.objects.get_or_create(
        event_id=news.event_id,
        defaults={
            "delivery": delivery,
            "status": news.status,
            "words": news.words,
            "at": news.at,
        },
    )
    if not is_new or delivery.state != DeliveryState.SHIPPED:
        return
    if news.status == "delivered":
        _delivered(delivery, by=None, at=at)
    elif news.status == "returned":
        step_delivery("return", delivery, by=None, at=at)


@transaction.atomic
def receive(prescription: Prescription, *, by: Any, at: datetime) -> Delivery:
    """The medicines are there: the patient says so, or the pharmacist who hands them over."""
    row = Delivery.objects.select_related("prescription").filter(prescription=prescription).first()
    if row is None:
        raise WrongState(_("还没有选择取药方式。"), code="not-ordered")
    delivery = selectors.locked_delivery(row)
    at_the_window = delivery.mode == "window"
    handed_over = at_the_window and may_dispense(by, doctors.clinician_of(by, "pharmacist"))
    require(
        handed_over or may_act_for(by, delivery.prescription),
        _("只有患者本人或家属可以确认收货。"),
    )
    if delivery.state == DeliveryState.DELIVERED:
        return delivery
    DELIVERY.after(delivery.state, "deliver")
    if delivery.prescription.state != State.DISPENSED or (
        not at_the_window and delivery.state != DeliveryState.SHIPPED
    ):
        raise WrongState(_("药品还没有发出，不能确认收货。"), code="not-shipped")
    return _delivered(delivery, by=by, at=at)


def _delivered(delivery: Delivery, *, by: Any, at: datetime) -> Delivery:
    delivery.delivered_at = at
    return step_delivery("deliver", delivery, by=by, at=at, changed=("delivered_at",))


def ask_courier(delivery_id: int, *, at: datetime) -> None:
    """Ask after a parcel of which nothing was heard. Not atomic; found again by the sweep."""
    Delivery.objects.filter(pk=delivery_id).update(asked_at=at)
    delivery = Delivery.objects.get(pk=delivery_id)
    assert delivery.waybill is not None
    parcel = gateways.track(delivery.waybill)
    with transaction.atomic():
        held = selectors.locked_delivery(delivery)
        for news in parcel.news:
            _take(held, news, at=at)
