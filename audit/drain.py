"""Tells the feeds what happened, at least once each, whatever dies in between.

Pending rows are claimed with SKIP LOCKED on the auditor's connection and removed after the
handler's own transaction has committed: a crash in between tells the event again. A handler that
fails waits, longer each time, and does not hold up the events of others.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from audit import feeds
from audit.models import Pending
from hospital.kernel import context

BATCH: Final = 100
LONGEST_WAIT: Final = timedelta(minutes=10)
log = logging.getLogger(__name__)


def drain(name: str, *, at: datetime) -> int:
    """Tell one feed everything that is due. Returns how many events were told."""
    told = 0
    while (count := _drain_batch(feeds.named(name), at=at)) > 0:
        told += count
    return told


def _drain_batch(feed: feeds.Feed, *, at: datetime) -> int:
    told = 0
    with (
        transaction.atomic(using="trail"),
        context.entering(context.RequestContext(door=f"feed {feed.name}")),
    ):
        due = (
            Pending.objects.using("trail")
            .filter(feed=feed.name, due_at__lte=at)
            .select_related("event")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("event_id")[:BATCH]
        )
        for pending in due:
            try:
                feed.tell(pending.event, at)
            except (
                Exception
            ) as error:  # a feed's bug must not stop the others; it is kept and retried
                log.exception("feed %s failed on event %s", feed.name, pending.event_id)
                _postpone(pending, error, at=at)
            else:
                pending.delete(using="trail")
                told += 1
    return told


def _postpone(pending: Pending, error: Exception, *, at: datetime) -> None:
    pending.tries += 1
    pending.due_at = at + min(timedelta(seconds=2**pending.tries), LONGEST_WAIT)
    pending.error = type(error).__name__  # what it says may quote somebody: that goes to the log
    pending.save(using="trail")
