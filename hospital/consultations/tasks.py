"""The worker's door to the consultations."""

from celery import shared_task

from hospital.consultations import services
from hospital.kernel.clock import database_now


@shared_task(name="consultations.sweep")
def sweep() -> dict[str, int]:
    return services.sweep(at=database_now())


@shared_task(name="consultations.recount")
def recount() -> int:
    """The public figures of every doctor, once a night: old replies fall out of the window."""
    return services.recount_all(at=database_now())
