"""Doctors set up what they offer online (由医生自行设定).

It takes effect at once, and never for orders already placed: those keep price and promise.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors import selectors
from doctors.models import PAID, PRICED, Clinician, Module, Service
from doctors.permissions import may_set_up
from hospital.accounts.models import User
from hospital.kernel import normalise
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import Refused, require

LONGEST_PROMISE = 24 * 60  # minutes
_BATCH: Final = 500


def held(clinician: Clinician, *, by: User) -> Clinician:
    """The clinician, locked, where `by` may set up their work; a doctor's alone is online."""
    clinician = Clinician.objects.select_for_update(of=("self",)).get(pk=clinician.pk)
    require(may_set_up(by, clinician), _("只能设置自己的服务。"))
    require(clinician.kind == "doctor", _("只有医生可以提供线上服务。"))
    return clinician


@transaction.atomic
def set_receiving(clinician: Clinician, *, is_receiving: bool, by: User, at: datetime) -> Clinician:
    """Turn the 接诊中 switch. Consultations already begun go on."""
    clinician = Clinician.objects.select_for_update(of=("self",)).get(pk=clinician.pk)
    require(may_set_up(by, clinician), _("只能设置自己的接诊状态。"))
    if clinician.is_receiving != is_receiving:
        clinician.is_receiving = is_receiving
        clinician.save(update_fields=["is_receiving"])
        audit.record("service.set", by=by, on=clinician, at=at, is_receiving=is_receiving)
    return clinician


@transaction.atomic
def set_promises(
    clinician: Clinician, *, reply_minutes: int, pause_at: int | None, by: User, at: datetime
) -> Clinician:
    """How soon the doctor promises to answer, and how many waiting stop new orders by itself."""
    clinician = held(clinician, by=by)
    clinician.reply_minutes = normalise.whole(reply_minutes, low=1, high=LONGEST_PROMISE)
    clinician.pause_at = (
        None if pause_at is None else normalise.whole(pause_at, low=1, high=Service.HIGHEST_QUOTA)
    )
    clinician.save(update_fields=["reply_minutes", "pause_at"])
    audit.record(
        "service.set",
        by=by,
        on=clinician,
        at=at,
        reply_minutes=clinician.reply_minutes,
        pause_at=clinician.pause_at,
    )
    return clinician


@transaction.atomic
def set_service(
    clinician: Clinician,
    kind: str,
    *,
    is_on: bool,
    price_code: str | None = None,
    daily_quota: int | None = None,
    by: User,
    at: datetime,
) -> Service:
    """Set one module. Its price is one of the list that is in force and open to the title.

    A price or quota that is not given stays as it is; the first time it is the dearest price open
    to the doctor. What has lost its price can still be turned off. Orders already placed keep the
    price they were placed at.
    """
    clinician = held(clinician, by=by)
    if kind not in Module.values:
        raise Refused(_("没有这项服务。"), code="service-unknown")
    earlier = selectors.locked_services(clinician).get(kind)
    service = earlier or Service(clinician=clinician, kind=kind)
    before = service.price_code
    if price_code is None:
        price_code = before or _dearest(clinician, kind, at=at)
    service.price_code = price_code
    if daily_quota is not None:
        service.daily_quota = normalise.whole(daily_quota, low=1, high=Service.HIGHEST_QUOTA)
    service.is_on = is_on
    if is_on or earlier is None or service.price_code != before:
        _require_a_price(clinician, kind, service.price_code, at=at)
    service.save()
    _record(service, by=by, at=at)
    return service


def turn_off_unpriced(*, at: datetime) -> int:
    """Turn off what has lost its price: with the next price of its code it would come back.

    Only the doctor turns it on again, by choosing a price.
    """
    lost = selectors.unpriced_services(local_date(at)).order_by("pk")[:_BATCH]
    return sum(_turn_off_if_unpriced(service, at=at) for service in lost)


@transaction.atomic
def _turn_off_if_unpriced(service: Service, *, at: datetime) -> bool:
    """Whether it was this call that did."""
    selectors.locked_services(service.clinician)
    lost = selectors.unpriced_services(local_date(at)).filter(pk=service.pk).first()
    if lost is None:
        return False
    lost.is_on = False
    lost.save(update_fields=["is_on"])
    _record(lost, by=None, at=at)
    return True


def _record(service: Service, *, by: User | None, at: datetime) -> None:
    audit.record(
        "service.set",
        by=by,
        on=service,
        at=at,
        kind_of_service=service.kind,
        price_code=service.price_code,
        daily_quota=service.daily_quota,
        is_on=service.is_on,
    )


def _dearest(clinician: Clinician, kind: str, *, at: datetime) -> str:
    """The code of the first price that this title may ask; none where the module needs none."""
    open_to = selectors.prices_for(clinician, local_date(at)) if kind in PAID else []
    return next((price.code for price in open_to if price.kind == kind), "")


def _require_a_price(clinician: Clinician, kind: str, code: str, *, at: datetime) -> None:
    if not code and kind not in PAID:
        return
    open_to = selectors.prices_for(clinician, local_date(at)) if kind in PRICED else []
    if code not in {price.code for price in open_to if price.kind == kind}:
        raise Refused(_("请从现行价目表里选一个适用您职称的价格。"), code="price-not-in-force")
