"""What time does: orders nobody paid, patients nobody accepted, hours that are over."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from hospital.consultations.models import Consultation
from hospital.consultations.selectors.consultations import overdue
from hospital.consultations.services.attending import lapse, run_out
from hospital.consultations.services.ordering import expire

GRACE: Final = timedelta(minutes=2)  # payments closes first, after asking the gateway once more
MANY: Final = 100  # of each, in one sweep


def sweep(*, at: datetime) -> dict[str, int]:
    """Take every step whose time has come, each in a transaction of its own; again is no harm."""
    steps: dict[str, Callable[..., bool]] = {"expire": expire, "lapse": lapse, "close": run_out}
    done: Counter[str] = Counter()
    for step, ids in overdue(at, grace=GRACE, most=MANY).items():
        for consultation in Consultation.objects.filter(pk__in=ids).order_by("pk"):
            done[step] += steps[step](consultation, at=at)
    return dict(done)
