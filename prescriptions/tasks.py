"""The worker's door to the prescriptions."""

from celery import shared_task

from hospital.kernel.clock import database_now
from prescriptions import services


@shared_task(name="prescriptions.sweep")
def sweep() -> int:
    return services.sweep(at=database_now())
