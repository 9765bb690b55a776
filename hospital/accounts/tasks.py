"""The worker's door to the accounts."""

from celery import shared_task

from hospital.accounts import services, sweeping
from hospital.kernel.clock import database_now


@shared_task(name="accounts.sweep")
def sweep() -> int:
    services.tell_phones(at=database_now())
    return sweeping.sweep(at=database_now())


@shared_task(name="accounts.tell_phones")
def tell_phones() -> int:
    return services.tell_phones(at=database_now())
