"""One row for one event: what the supervision platform is to be told, numbered within its visit."""

from datetime import datetime

from django.db import transaction

from audit import selectors as trail
from audit.models import Event
from hospital.kernel import jobs
from hospital.kernel.canonical import canonical
from hospital.regulator import selectors
from hospital.regulator.messages import message_of
from hospital.regulator.models import Stream, Upload
from hospital.regulator.news import FEED, KINDS, News
from hospital.regulator.sm3 import sm3


def on_event(event: Event, at: datetime) -> None:
    """The feed `regulator`: queue the message of this event, once, in the order of its visit.

    Several workers drain a feed, and a failed event comes again later: so whatever the same visit
    still has to tell from before is queued first, whoever was meant to do it.
    """
    assert event.stream is not None, f"{event.kind} belongs to no visit"
    with transaction.atomic():
        stream = selectors.locked_stream(event.stream)
        for each in (*trail.untold_before(FEED, event), event):
            queue(stream, News.of_event(each), at=at)
        jobs.after_commit("regulator.upload")


def queue(stream: Stream, news: News, *, at: datetime) -> None:
    schema = KINDS[news.kind]
    if Upload.objects.filter(event=news.event, schema=schema).exists():
        return
    message = message_of(news)
    if message is None:
        return
    stream.last_seq += 1
    stream.save(update_fields=["last_seq"])
    payload = canonical(message.payload)
    Upload.objects.create(
        event=news.event,
        kind=news.kind,
        biz_time=news.at,
        subject=news.subject,
        schema=schema,
        op=message.op,
        biz_id=message.biz_id,
        stream=stream.visit,
        seq=stream.last_seq,
        payload=payload,
        digest=sm3(payload.encode()),
        made_at=at,
        due_at=at,
    )
