"""What waits for one doctor, with the newest word and the unread count of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hospital.consultations.lifecycle import State
from hospital.consultations.models import Consultation, Message, Reading
from hospital.consultations.selectors.consultations import attended_by
from hospital.kernel.calendar import BEIJING, local_date

LATE: Final = timedelta(minutes=30)  # a wait that is shown in red


def worklist(user: Any) -> QuerySet[Consultation]:
    """Waiting and open ones: those with news first, then the open, then who waits longest."""
    rows = attended_by(user).filter(state__in=[State.WAITING, State.OPEN])
    news = _unread(user).filter(consultation=OuterRef("pk"))
    return rows.annotate(has_news=Exists(news)).order_by("-has_news", "state", "paid_at", "pk")


def _unread(user: Any) -> QuerySet[Message]:
    reading = Reading.objects.filter(consultation=OuterRef("consultation"), by=user)
    upto = Coalesce(Subquery(reading.values("upto")), 0)
    return Message.objects.filter(side="patient", seq__gt=upto)


@dataclass(frozen=True)
class Line:
    """A row of the worklist."""

    consultation: Consultation
    last: Message | None
    unread: int
    lasted: timedelta  # since the newest word, or the payment
    is_late: bool


def with_last_words(rows: Sequence[Consultation], user: Any, at: datetime) -> list[Line]:
    """The lines of the list, in two queries however many they are."""
    spoken = Message.objects.filter(consultation__in=rows).exclude(side="system")
    newest = spoken.order_by("consultation", "-seq").distinct("consultation")
    last = {message.consultation_id: message for message in newest}
    counted = _unread(user).filter(consultation__in=rows).values("consultation")
    unread = {row["consultation"]: row["n"] for row in counted.annotate(n=Count("pk"))}
    return [_line(row, last.get(row.pk), unread.get(row.pk, 0), at) for row in rows]


def _line(row: Consultation, last: Message | None, unread: int, at: datetime) -> Line:
    since = (last.at if last else row.accepted_at) or row.paid_at or row.ordered_at
    waits = row.state == State.WAITING
    return Line(row, last, unread, at - since, is_late=waits and at - since > LATE)


def accepted_today(user: Any, at: datetime) -> int:
    start = datetime.combine(local_date(at), time.min, BEIJING)
    return attended_by(user).filter(accepted_at__gte=start).count()
