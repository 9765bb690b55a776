"""What doctors offer online, and at which price of the list."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.db.models import (
    Case,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django_stubs_ext import WithAnnotations

from doctors.lifecycle import PriceState
from doctors.models import PAID, Clinician, Module, Price, QuickReply, Service
from doctors.selectors.people import practising


class Priced(TypedDict):
    price_fen: int | None  # as the list has it that day; None where it is not in force


if TYPE_CHECKING:
    PricedService = WithAnnotations[Service, Priced]
else:
    PricedService = Service

PUBLISHED = (PriceState.PUBLISHED, PriceState.ENDED)  # what people may rely on until it ends


def service_of(clinician: Clinician, kind: str) -> Service | None:
    return Service.objects.filter(clinician=clinician, kind=kind).first()


def services_of(clinician: Clinician, on: date) -> Mapping[str, PricedService]:
    """The modules that the doctor has set, by kind, each with its `price_fen` of that day."""
    return {each.kind: each for each in with_prices(clinician.services.all(), on)}


def locked_services(clinician: Clinician) -> Mapping[str, Service]:
    """All modules of the doctor, held: what is ordered and what is set wait for each other."""
    rows = Service.objects.select_for_update(of=("self",), no_key=True)
    return {each.kind: each for each in rows.filter(clinician=clinician).order_by("pk")}


def with_prices(services: QuerySet[Service], on: date) -> QuerySet[PricedService]:
    """Each with `price_fen` as the list has it that day; None where it is not in force."""
    return services.annotate(price_fen=_price(on, "price_code", "kind", "clinician__title"))


def price_fen_of(service: Service, on: date) -> int | None:
    """What the service costs that day by the published list; None where it has no price then."""
    row = with_prices(Service.objects.filter(pk=service.pk), on).values_list("price_fen", flat=True)
    return row.first()


def unpriced_services(on: date) -> QuerySet[PricedService]:
    """Those that are turned on and cannot be offered that day, because their price is not asked."""
    offered = Service.objects.select_related("clinician").filter(kind__in=PAID, is_on=True)
    return with_prices(offered, on).filter(price_fen=None)


def prescribes(clinician: Clinician) -> bool:
    """Whether the doctor has the module 开方 turned on."""
    mine = Service.objects.filter(clinician=clinician, kind=Module.PRESCRIBING, is_on=True)
    return mine.exists()


def receiving(kind: str, *, on: date) -> QuerySet[Clinician]:
    """The doctors who take patients for `kind` now, each with `price_fen` and `daily_quota`."""
    offered = FilteredRelation("services", condition=Q(services__kind=kind, services__is_on=True))
    return (
        practising(on)
        .annotate(offered=offered)
        .filter(is_receiving=True, offered__isnull=False)
        .annotate(
            price_fen=_price(on, "offered__price_code", "offered__kind", "title"),
            daily_quota=F("offered__daily_quota"),
        )
    )


def _price(on: date, code: str, kind: str, title: str) -> Subquery:
    """The price of the newest line of this code that has begun by then, if it still counts."""
    begun = Price.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
        code=OuterRef(code),
        kind=OuterRef(kind),
        state__in=PUBLISHED,
        starts_on__lte=on,
    )
    fen = Case(
        When(ends_on__lte=on, then=Value(None)),
        When(titles=[], then=F("price_fen")),
        When(titles__contains=[OuterRef(title)], then=F("price_fen")),
        default=Value(None),
    )
    return Subquery(begun.order_by("-starts_on").annotate(fen=fen).values("fen")[:1])


def locked_price(price: Price) -> Price:
    return Price.objects.select_for_update().get(pk=price.pk)


def price_list(on: date) -> list[Price]:
    """The lines in force that day, and those that are announced for a later one."""
    rows = Price.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=F("starts_on")) & Q(ends_on__gt=on),
        state__in=PUBLISHED,
    ).order_by("kind", "code", "-starts_on")
    shown: list[Price] = []
    for row in rows:
        earlier_is_shown = bool(shown) and shown[-1].code == row.code and shown[-1].starts_on <= on
        if row.starts_on > on or not earlier_is_shown:
            shown.append(row)
    return sorted(shown, key=lambda row: (row.kind, row.code, row.starts_on))


def prices_for(clinician: Clinician, on: date) -> list[Price]:
    """The lines that this doctor may choose that day, the dearest first."""
    open_to = [p for p in price_list(on) if p.starts_on <= on and p.suits(clinician.title)]
    return sorted(open_to, key=lambda price: (-price.price_fen, price.code))


def quick_replies(clinician: Clinician) -> QuerySet[QuickReply]:
    return QuickReply.objects.filter(clinician=clinician).order_by("place")
