"""The worker's door to the supervision platform."""

from typing import Final

from celery import shared_task

from hospital.kernel.clock import database_now
from hospital.regulator import services

MOST: Final = 200  # messages in one run; the next beat goes on


@shared_task(name="regulator.upload")
def upload() -> int:
    """Send what may go, until nothing is due or nobody answers."""
    sent = 0
    while sent < MOST and services.upload_next(at=database_now()):
        sent += 1
    return sent
