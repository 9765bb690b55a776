"""What doctors offer online."""

from datetime import date

from django.db.models import F, FilteredRelation, Q, QuerySet

from doctors.models import Clinician, Service
from doctors.selectors.people import practising


def service_of(clinician: Clinician, kind: str) -> Service | None:
    return Service.objects.filter(clinician=clinician, kind=kind).first()


def receiving(kind: str, *, on: date) -> QuerySet[Clinician]:
    """The doctors who take patients for `kind` now, each with `price_fen` and `daily_quota`."""
    offered = FilteredRelation("services", condition=Q(services__kind=kind, services__is_on=True))
    return (
        practising(on)
        .annotate(offered=offered)
        .filter(is_receiving=True, offered__isnull=False)
        .annotate(price_fen=F("offered__price_fen"), daily_quota=F("offered__daily_quota"))
    )
