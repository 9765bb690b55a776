"""The price list: finance proposes a line, another office publishes it, either ends it.

A price never begins in the past: what somebody paid yesterday was yesterday's price.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors import selectors
from doctors.lifecycle import PRICE, PriceState
from doctors.models import PRICED, Price, Title
from doctors.permissions import may_end_prices, may_propose_prices, may_publish
from hospital.accounts.models import User
from hospital.kernel.calendar import local_date
from hospital.kernel.normalise import folded, prose, reason, whole
from hospital.kernel.refusals import Refused, WrongState, require

_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,23}")
_AHEAD: Final = timedelta(days=366)


@transaction.atomic
def propose_price(
    *,
    code: str,
    kind: str,
    name: str,
    name_en: str,
    price_fen: int,
    starts_on: date,
    titles: Sequence[str] = (),
    by: User,
    at: datetime,
) -> Price:
    """Ask for a line of the list, from `starts_on`; no titles means that all may use it."""
    require(may_propose_prices(by), _("价目由财务处提出。"))
    code = folded(code).upper()
    if not _CODE.fullmatch(code):
        raise Refused(
            _("价目编码应为 2 到 24 位大写字母、数字和短横线。"), code="price-code-malformed"
        )
    if kind not in PRICED:
        raise Refused(_("没有这项服务。"), code="service-unknown")
    if not set(titles) <= set(Title.values):
        raise Refused(_("没有这个职称。"), code="title-unknown")
    names = prose(name, limit=64), prose(name_en, limit=96)
    if not all(names):
        raise Refused(_("请填写中文和英文名称。"), code="price-name-missing")
    price = Price(
        code=code,
        kind=kind,
        titles=sorted(set(titles)),
        name=names[0],
        name_en=names[1],
        price_fen=whole(price_fen, low=0, high=Price.HIGHEST_FEN),
        starts_on=starts_on,
        proposed_by=by,
        proposed_at=at,
    )
    _require_a_day_to_come(starts_on, at)
    _require_one_kind(price)
    price.save()
    _tell("propose", price, by=by, at=at)
    return price


@transaction.atomic
def publish_price(price: Price, *, by: User, at: datetime) -> Price:
    """Put it on the list. A proposal that has waited past its first day cannot be."""
    price = selectors.locked_price(price)
    require(may_publish(by, price), _("价目由门诊办公室或医务处的另一个人公布，不能是提出人。"))
    after = PRICE.after(price.state, "publish")
    _require_a_day_to_come(price.starts_on, at)
    _require_one_kind(price)
    price.state, price.decided_by, price.decided_at = after, by, at
    try:
        with transaction.atomic():
            price.save()
    except IntegrityError:
        raise WrongState(
            _("这个编码在同一天已经有一个公布的价格。"), code="price-same-day"
        ) from None
    _tell("publish", price, by=by, at=at)
    return price


@transaction.atomic
def refuse_price(price: Price, *, by: User, at: datetime, why: str) -> Price:
    price = selectors.locked_price(price)
    require(may_publish(by, price), _("价目由门诊办公室或医务处的另一个人决定，不能是提出人。"))
    return _decide("refuse", price, by=by, at=at, why=reason(why))


@transaction.atomic
def withdraw_price(price: Price, *, by: User, at: datetime) -> Price:
    """Whoever proposed it takes it back."""
    price = selectors.locked_price(price)
    require(price.proposed_by_id == by.pk, _("只能撤回自己提出的价目。"))
    return _decide("withdraw", price, by=by, at=at)


@transaction.atomic
def end_price(price: Price, *, ends_on: date, by: User, at: datetime, why: str) -> Price:
    """Ask it no more from `ends_on`, or never, where that is the day it would begin.

    Services at this price are not offered from then on, until their doctors choose another.
    """
    price = selectors.locked_price(price)
    require(may_end_prices(by), _("价目由财务处或门诊办公室停用。"))
    price.state = PRICE.after(price.state, "end")
    if ends_on < max(local_date(at), price.starts_on):
        raise Refused(_("停用日期不能早于今天和生效日期。"), code="price-backdated")
    price.ends_on, price.ended_by, price.ended_at, price.why = ends_on, by, at, reason(why)
    price.save()
    _tell("end", price, by=by, at=at, ends_on=ends_on.isoformat())
    return price


def _decide(step: str, price: Price, *, by: User, at: datetime, why: str = "") -> Price:
    price.state = PRICE.after(price.state, step)
    price.decided_by, price.decided_at, price.why = by, at, why
    price.save()
    _tell(step, price, by=by, at=at)
    return price


def _tell(step: str, price: Price, *, by: User, at: datetime, **more: Any) -> None:
    audit.record(
        f"price.{step}",
        by=by,
        on=price,
        at=at,
        code=price.code,
        price_fen=price.price_fen,
        starts_on=price.starts_on.isoformat(),
        **more,
    )


def _require_a_day_to_come(day: date, at: datetime) -> None:
    today = local_date(at)
    if not today <= day <= today + _AHEAD:
        raise Refused(_("生效日期应从今天起，一年以内；价格不能倒签。"), code="price-backdated")


def _require_one_kind(price: Price) -> None:
    """A code means one service for ever."""
    others = Price.objects.filter(
        code=price.code, state__in=[PriceState.PUBLISHED, PriceState.ENDED]
    )
    if others.exclude(kind=price.kind).exists():
        raise WrongState(_("这个编码已经用于另一项服务。"), code="price-code-taken")
