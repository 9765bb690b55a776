"""Count anew what patients may read about doctors. Safe to be done twice, and at any time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection

from doctors.models import Clinician
from hospital.consultations.lifecycle import HandoverState
from hospital.consultations.models import Consultation, Handover

if TYPE_CHECKING:
    from audit.models import Event

STEPS: Final = ("accept", "close", "refer", "rate")
KINDS: Final = frozenset({*(f"consultation.{step}" for step in STEPS), "handover.take"})
AT_ONCE: Final = 200  # doctors counted by one statement
REPLIES_OF: Final = timedelta(days=90)  # how far back first replies are counted

_COUNT: Final = """
INSERT INTO consultations_standing AS old (
    doctor_id, visits, stars_1, stars_2, stars_3, stars_4, stars_5,
    replies, reply_minutes, counted_at)
SELECT doctor.id, count(visit.id),
    count(*) FILTER (WHERE rating.stars = 1), count(*) FILTER (WHERE rating.stars = 2),
    count(*) FILTER (WHERE rating.stars = 3), count(*) FILTER (WHERE rating.stars = 4),
    count(*) FILTER (WHERE rating.stars = 5),
    count(reply.at),
    ceil(extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (
        ORDER BY reply.at - visit.paid_at) FILTER (WHERE reply.at IS NOT NULL)) / 60),
    %(at)s
FROM doctors_clinician doctor
LEFT JOIN consultations_consultation visit
    ON visit.doctor_id = doctor.id AND visit.accepted_at IS NOT NULL
LEFT JOIN consultations_rating rating ON rating.consultation_id = visit.id
LEFT JOIN LATERAL (
    SELECT message.at, message.by_id FROM consultations_message message
    WHERE message.consultation_id = visit.id
        AND message.side = 'doctor' AND message.by_id IS NOT NULL
    ORDER BY message.seq LIMIT 1
) reply ON visit.accepted_at >= %(since)s AND reply.at >= visit.paid_at
    AND reply.by_id = doctor.user_id
WHERE doctor.id = ANY(%(doctors)s)
GROUP BY doctor.id
ON CONFLICT (doctor_id) DO UPDATE SET
    (visits, stars_1, stars_2, stars_3, stars_4, stars_5, replies, reply_minutes, counted_at) =
    (excluded.visits, excluded.stars_1, excluded.stars_2, excluded.stars_3, excluded.stars_4,
     excluded.stars_5, excluded.replies, excluded.reply_minutes, excluded.counted_at)
WHERE old.counted_at <= excluded.counted_at
"""


def recount(doctors: Iterable[int], *, at: datetime) -> int:
    """Count for these doctors, by their rows' ids; how many rows were written.

    A visit counts for who attends it now, its first reply for who wrote it while it is theirs.
    What was counted later stands: two counts at once leave the later one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"at": at, "since": at - REPLIES_OF, "doctors": list(doctors)})
        return int(cursor.rowcount)


def recount_all(*, at: datetime) -> int:
    """Count for everybody, some at a time: no statement is a long one."""
    ids = list(Clinician.objects.filter(kind="doctor").order_by("pk").values_list("pk", flat=True))
    batches = (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
    return sum(recount(some, at=at) for some in batches)


def on_event(event: "Event", at: datetime) -> None:
    """The feed's door: whoever attends the visit, and whoever did before it was taken over."""
    assert event.stream is not None, "every event of a consultation has its stream"
    visits = Consultation.objects.filter(public_id=event.stream)
    taken = Handover.objects.filter(consultation__in=visits, state=HandoverState.TAKEN)
    attending, former = visits.values_list("doctor"), taken.values_list("former")
    recount([doctor for (doctor,) in attending.union(former)], at=at)
