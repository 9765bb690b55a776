"""Count anew what patients may read about doctors. Safe to be done twice, and at any time."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

if TYPE_CHECKING:
    from audit.models import Event

KINDS: Final = frozenset(f"consultation.{step}" for step in ("accept", "close", "refer", "rate"))
REPLIES_OF: Final = timedelta(days=90)  # how far back first replies are counted

_COUNT: Final = """
INSERT INTO consultations_standing AS old (
    doctor_id, visits, stars_1, stars_2, stars_3, stars_4, stars_5,
    replies, reply_minutes, counted_at)
SELECT visit.doctor_id, count(*),
    count(*) FILTER (WHERE rating.stars = 1), count(*) FILTER (WHERE rating.stars = 2),
    count(*) FILTER (WHERE rating.stars = 3), count(*) FILTER (WHERE rating.stars = 4),
    count(*) FILTER (WHERE rating.stars = 5),
    count(reply.at),
    ceil(extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (
        ORDER BY reply.at - visit.paid_at) FILTER (WHERE reply.at IS NOT NULL)) / 60),
    %(at)s
FROM consultations_consultation visit
LEFT JOIN consultations_rating rating ON rating.consultation_id = visit.id
LEFT JOIN LATERAL (
    SELECT message.at FROM consultations_message message
    WHERE message.consultation_id = visit.id
        AND message.side = 'doctor' AND message.by_id IS NOT NULL
    ORDER BY message.seq LIMIT 1
) reply ON visit.accepted_at >= %(since)s AND reply.at >= visit.paid_at
WHERE visit.accepted_at IS NOT NULL
    AND (%(stream)s::uuid IS NULL OR visit.doctor_id = (
        SELECT doctor_id FROM consultations_consultation WHERE public_id = %(stream)s::uuid))
GROUP BY visit.doctor_id
ON CONFLICT (doctor_id) DO UPDATE SET
    (visits, stars_1, stars_2, stars_3, stars_4, stars_5, replies, reply_minutes, counted_at) =
    (excluded.visits, excluded.stars_1, excluded.stars_2, excluded.stars_3, excluded.stars_4,
     excluded.stars_5, excluded.replies, excluded.reply_minutes, excluded.counted_at)
WHERE old.counted_at <= excluded.counted_at
"""


def recount(*, at: datetime, of_visit: Any = None) -> int:
    """Count for every doctor, or for the one of a consultation; how many rows were written.

    What was counted later stands: two counts at once leave the later one.
    """
    given = {"at": at, "since": at - REPLIES_OF, "stream": str(of_visit) if of_visit else None}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, given)
        return int(cursor.rowcount)


def on_event(event: "Event", at: datetime) -> None:
    """The feed's door."""
    recount(at=at, of_visit=event.stream)
