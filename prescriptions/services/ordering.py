"""The patient chooses how to get the medicines, and pays."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hospital.kernel.calendar import BEIJING, local_date
from hospital.kernel.refusals import Refused, RuleBroken, WrongState, require
from hospital.payments import services as payments
from hospital.payments.lifecycle import ChargeState
from hospital.payments.models import Charge
from hospital.policy import selectors as policies
from patients import selectors as patients
from patients.models import Address
from prescriptions import selectors
from prescriptions.lifecycle import DeliveryState, State
from prescriptions.models import Delivery, Prescription
from prescriptions.permissions import may_act_for
from prescriptions.pharmacy import medicine_of
from prescriptions.rules.terms import Fulfilment
from prescriptions.selectors.proposals import policy_of
from prescriptions.services.steps import note, step_delivery

KIND: Final = "medicines"  # of the charge
COURIER, WINDOW = "courier", "window"


@transaction.atomic
def order_medicines(
    prescription: Prescription,
    *,
    mode: str,
    address: Address | None = None,
    by: Any,
    at: datetime,
) -> Charge:
    """Open the charge for the medicines, with the delivery where a courier brings them.

    The same choice again gives the same open charge. A courier learns name, phone and address,
    so sending needs the patient's own consent to that (个人信息保护法 第二十三条).
    """
    prescription = selectors.locked(prescription)
    require(may_act_for(by, prescription), _("只有患者本人或家属可以选择取药方式。"))
    _must_be_usable(prescription, at)
    to = _destination(prescription, mode, address, by=by)
    if (open_one := _open_charge(prescription)) is not None:
        return _same_order(prescription, open_one, mode, to)
    fee = policies.current().values.delivery_fee_fen if mode == COURIER else 0
    delivery = _choose(prescription, mode, to, fee)
    charge = payments.open_charge(
        KIND,
        prescription.public_id,
        payer=by,
        about=prescription.patient.public_id,
        stream=prescription.consultation.public_id,
        what=gettext_noop("药费和配送费") if fee else gettext_noop("药费"),
        amount_fen=prescription.amount_fen + delivery.fee_fen,
        expires_at=_pay_by(prescription, at),
        at=at,
    )
    prescription.charge = charge
    prescription.save(update_fields=["charge"])
    note("prescription.order", prescription, by=by, at=at, mode=mode, amount_fen=charge.amount_fen)
    return charge


def _must_be_usable(prescription: Prescription, at: datetime) -> None:
    if prescription.state != State.APPROVED:
        raise WrongState(_("处方审核通过以后才能缴费取药。"), code="not-approved")
    if prescription.valid_until is None or prescription.valid_until < local_date(at):
        raise WrongState(_("处方已过有效期，请联系医生重新开具。"), code="expired")


def _destination(
    prescription: Prescription, mode: str, address: Address | None, *, by: Any
) -> Mapping[str, str] | None:
    """Where to, in the courier's terms; None for the window."""
    if mode == WINDOW:
        return None
    if mode != COURIER or address is None or address.account_id != by.pk:
        raise Refused(_("请选择一个收货地址，或改为到院自取。"), code="address-missing")
    if not patients.has_consent(prescription.patient, "courier"):
        raise Refused(
            _("送药要把收货人的姓名、电话和地址告诉快递公司，请先单独同意。"),
            code="courier-consent",
        )
    _may_be_sent(prescription)
    return {
        "name": address.name,
        "phone": address.phone,
        "region": address.region,
        "detail": address.detail,
    }


def _may_be_sent(prescription: Prescription) -> None:
    current = policies.current()
    rules = policy_of(current.values, version=current.number)
    if not rules.bans_retail(Fulfilment.HOSPITAL_DELIVERY):
        return
    for line in prescription.lines.select_related("drug"):
        if medicine_of(line.drug).is_retail_banned:
            raise RuleBroken(
                _("%(drug)s不能快递，请改为到院自取。") % {"drug": line.drug.name},
                rules=["RX-RETAIL-BAN"],
            )


def _open_charge(prescription: Prescription) -> Charge | None:
    """The charge that lives for it now; a paid one refuses another order."""
    charge = prescription.charge
    if charge is not None and charge.state == ChargeState.PAID:
        raise WrongState(_("药费已经支付，不用再付。"), code="already-paid")
    return charge if charge is not None and charge.state == ChargeState.OPEN else None


def _same_order(
    prescription: Prescription, charge: Charge, mode: str, to: Mapping[str, str] | None
) -> Charge:
    """The open charge where nothing else is wanted, else refuse: it must end first."""
    delivery = Delivery.objects.get(prescription=prescription)
    if (delivery.mode, delivery.to) == (mode, to):
        return charge
    raise WrongState(
        _("已经有一张待支付的账单。请先支付它，或等它过期后重新选择取药方式。"), code="order-open"
    )


def _choose(
    prescription: Prescription, mode: str, to: Mapping[str, str] | None, fee_fen: int
) -> Delivery:
    """Keep the choice; an earlier one that nobody paid for is replaced."""
    delivery = Delivery.objects.select_for_update().filter(prescription=prescription).first()
    delivery = delivery or Delivery(prescription=prescription)
    if delivery.state != DeliveryState.ORDERED:
        raise WrongState(_("药房已经在处理这张处方，不能再改取药方式。"), code="order-closed")
    delivery.mode, delivery.to, delivery.fee_fen = mode, to, fee_fen
    delivery.save()
    return delivery


def _pay_by(prescription: Prescription, at: datetime) -> datetime:
    """Within the time to pay, and within the day on which the prescription ends."""
    assert prescription.valid_until is not None
    midnight = datetime.combine(prescription.valid_until, time.max, tzinfo=BEIJING)
    minutes = policies.current().values.pay_minutes
    return min(at + timedelta(minutes=minutes), midnight)


def paid(charge: Charge, at: datetime) -> bool:
    """The money came: the pharmacy begins to pack. False where it is no longer wanted.

    Called by payments in its settling transaction, after `lock`.
    """
    row = selectors.of_subject(charge.subject)
    if row is None:
        return False
    prescription = selectors.locked(row)
    delivery = Delivery.objects.select_for_update().filter(prescription=prescription).first()
    wanted = prescription.state == State.APPROVED and prescription.charge_id == charge.pk
    if not wanted or delivery is None or delivery.state != DeliveryState.ORDERED:
        return False
    if prescription.valid_until is None or prescription.valid_until < local_date(at):
        return False
    delivery.prescription = prescription
    step_delivery("pack", delivery, by=None, at=at)
    return True
