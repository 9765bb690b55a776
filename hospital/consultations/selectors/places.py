"""How many more may order today, by Beijing's calendar."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Final

from django.db.models import Count, OuterRef, QuerySet, Subquery
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
    return Coalesce(
        Subquery(mine.order_by().values("doctor").annotate(n=Count("pk")).values("n")), 0
    )


def _ordered_today(at: datetime) -> QuerySet[Consultation]:
    start = datetime.combine(at.astimezone(BEIJING).date(), time.min, BEIJING)
    return Consultation.objects.filter(ordered_at__gte=start).exclude(state__in=_FREES_ITS_PLACE)
