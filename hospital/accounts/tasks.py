"""The worker's door to the accounts."""

from celery import shared_task

from hospital.accounts import sweeping
from hospital.kernel.clock import database_now


@shared_task(name="accounts.sweep")
def sweep() -> int:
    return sweeping.sweep(at=database_now())
