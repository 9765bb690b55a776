"""The worker's doors to the feeds."""

from celery import shared_task

from audit import drain as drains
from audit import feeds, sealing, services, watching
from hospital.kernel.clock import database_now


@shared_task(name="audit.drain")
def drain(feed: str) -> int:
    return drains.drain(feed, at=database_now())


@shared_task(name="audit.drain_all")
def drain_all() -> int:
    """The sweep that finds what a lost message left behind."""
    return sum(drains.drain(name, at=database_now()) for name in feeds.names())


@shared_task(name="audit.seal")
def seal() -> int:
    """Put what was committed into the tree; once a day tell the supervision platform its root."""
    at = database_now()
    sealed = sealing.seal(at)
    services.announce_head(at=at)
    return sealed


@shared_task(name="audit.watch")
def watch() -> int:
    """Raise the alarms that are due; a beat that is late loses nothing."""
    return watching.watch(at=database_now())
