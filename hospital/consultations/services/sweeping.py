"""What time does: orders nobody paid, patients nobody accepted, hours that are over; and what a
doctor leaves behind who may not practise any more."""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from hospital.consultations import selectors
from hospital.consultations.models import Consultation, Handover
from hospital.consultations.selectors.consultations import overdue
from hospital.consultations.services import handing
from hospital.consultations.services.attending import lapse, run_out
from hospital.consultations.services.ordering import expire

GRACE: Final = timedelta(minutes=2)  # payments closes first, after asking the gateway once more
MANY: Final = 100  # of each, in one sweep


def sweep(*, at: datetime) -> dict[str, int]:
    """Take every step whose time has come, each in a transaction of its own; again is no harm."""
    done: Counter[str] = Counter()
    done.update(sweep_handovers(at=at))
    steps: dict[str, Callable[..., bool]] = {"expire": expire, "lapse": lapse, "close": run_out}
    for step, ids in overdue(at, grace=GRACE, most=MANY).items():
        for consultation in Consultation.objects.filter(pk__in=ids).order_by("pk"):
            done[step] += steps[step](consultation, at=at)
    return dict(done)


def sweep_handovers(*, at: datetime) -> dict[str, int]:
    """What the feed does at once, for whatever it did not hear of: a licence that ended with its
    day, a role or an account that was taken. Offers end by their hour, or when they are needless.
    """
    done: Counter[str] = Counter()
    for left in selectors.stranded(at)[:MANY]:
        done["relieve"] += handing.relieve(left, at=at)
    for step, act, ids in (
        ("resume", handing.resume, selectors.needless_handovers(at, most=MANY)),
        ("unattended", handing.run_out, selectors.due_handovers(at, most=MANY)),
    ):
        for handover in _handovers(ids):
            done[step] += act(handover, at=at)
    return {step: count for step, count in done.items() if count}


def _handovers(ids: Collection[int]) -> QuerySet[Handover]:
    rows = Handover.objects.filter(pk__in=ids).select_related("consultation")
    return rows.order_by("pk")
