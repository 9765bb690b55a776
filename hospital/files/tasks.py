"""The worker's door to the files."""

from celery import shared_task

from hospital.files import services
from hospital.kernel.clock import database_now


@shared_task(name="files.sweep")
def sweep() -> int:
    return services.sweep(at=database_now())
