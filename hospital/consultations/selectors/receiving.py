"""Which doctors receive at this moment: their own setting, and how many wait for them already."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from doctors import selectors as doctors_of
from doctors.models import Clinician
from doctors.selectors import Availability
from hospital.consultations.lifecycle import State
from hospital.consultations.models import Consultation

_QUEUED: Final = (State.UNPAID, State.WAITING)


def availability(rows: Iterable[Clinician], at: datetime) -> dict[int, Availability]:
    """Who receives now, by id; who has as many waiting as they take (`waiting`) does not.

    An order counts from the moment it is placed: whoever is about to pay waits as well.
    """
    several = list(rows)
    found = doctors_of.availability(several, at)
    pausing = [row.pk for row in several if row.pause_at is not None and found[row.pk].is_receiving]
    if not pausing:
        return found
    queued = Consultation.objects.filter(doctor__in=pausing, state__in=_QUEUED)
    count = dict(queued.values_list("doctor").annotate(n=Count("pk")))
    full = [pk for pk in pausing if count.get(pk, 0) >= (found[pk].pause_at or 0)]
    return found | {pk: replace(found[pk], is_receiving=False, why="waiting") for pk in full}


def receiving_now(at: datetime) -> Q:
    """The same for a list of doctors."""
    queued = Consultation.objects.filter(doctor=OuterRef("pk"), state__in=_QUEUED)
    waiting = Coalesce(
        Subquery(queued.order_by().values("doctor").annotate(n=Count("pk")).values("n")), 0
    )
    return doctors_of.receiving_now(at) & (Q(pause_at=None) | Q(pause_at__gt=waiting))
