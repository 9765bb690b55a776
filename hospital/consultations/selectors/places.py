"""How many more may order today, by Beijing's calendar."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, Final

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from doctors.models import Service
from hospital.consultations.lifecycle import State
from hospital.consultations.models import Consultation
from hospital.kernel.calendar import BEIJING

_FREES_ITS_PLACE: Final = (State.CANCELLED, State.EXPIRED)


def places_left(services: Iterable[Service], at: datetime) -> dict[int, int]:
    """How many more may order each service today, by the service's id."""
    rows = list(services)
    today = _ordered_today(at).filter(doctor__in=[row.clinician_id for row in rows])
    counted = today.values_list("doctor", "kind").annotate(n=Count("pk"))
    used = {(doctor, kind): n for doctor, kind, n in counted}
    return {
        row.pk: max(row.daily_quota - used.get((row.clinician_id, row.kind), 0), 0) for row in rows
    }


def used_today(at: datetime) -> Coalesce:
    """The same as a column of services: how many places are taken."""
    mine = _ordered_today(at).filter(doctor=OuterRef("clinician"), kind=OuterRef("kind"))
    counted = mine.order_by().values("doctor").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def full_today(at: datetime) -> QuerySet[Consultation, Any]:
    """The services that have no place left, by id; counted from the day's orders alone."""
    each = _ordered_today(at).filter(kind=F("doctor__services__kind"))
    counted = each.order_by().values("doctor__services", "doctor__services__daily_quota")
    full = counted.annotate(n=Count("pk")).filter(n__gte=F("doctor__services__daily_quota"))
    return full.values("doctor__services")


def _ordered_today(at: datetime) -> QuerySet[Consultation]:
    start = datetime.combine(at.astimezone(BEIJING).date(), time.min, BEIJING)
    return Consultation.objects.filter(ordered_at__gte=start).exclude(state__in=_FREES_ITS_PLACE)
