"""Ask for background work by name, once the transaction has committed.

Celery is the alarm clock only: every job finds its work in PostgreSQL, so a lost message costs
time until the next beat and nothing else. A broker that is down must not break a request.
"""

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

from hospital.kernel.breaker import Breaker
from hospital.kernel.worker import app

log = logging.getLogger(__name__)
broker = Breaker()


def after_commit(task: str, *args: str | int, using: str = "default") -> None:
    """Send `task` with ids as `args` after this transaction commits (at once outside one)."""
    transaction.on_commit(lambda: _send(task, args), using=using, robust=True)


def _send(task: str, args: tuple[str | int, ...]) -> None:
    if broker.is_open:
        return
    try:
        app.send_task(task, args=args, retry=False)
    except OperationalError as error:
        broker.trip()
        log.warning("job %s not sent, the next beat will find it: %s", task, error)
