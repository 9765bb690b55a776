"""The worker's doors to what time ends."""

from celery import shared_task

from hospital.kernel.clock import database_now
from hospital.kernel.jobs import after_commit
from patients import services
from patients.services.retaining import Place


@shared_task(name="patients.make_export", soft_time_limit=540, time_limit=600)
def make_export(export_id: int) -> bool:
    return services.make_export(export_id, at=database_now())


@shared_task(name="patients.sweep_exports")
def sweep_exports() -> int:
    """End copies whose day is over; make those that were forgotten."""
    return services.sweep_exports(at=database_now())


@shared_task(name="patients.purge")
def purge(name: str = "", after: int = 0) -> bool:
    """The night's work; goes on in a further task where one is not enough."""
    stopped = services.purge(
        at=database_now(), seconds=100, start=Place(name, after) if name else None
    )
    if stopped is not None:
        after_commit("patients.purge", stopped.name, stopped.after)
    return stopped is None


@shared_task(name="patients.sweep_links")
def sweep_links() -> int:
    """End the links of children who are of age and of helpers whose year is over."""
    return services.sweep_links(at=database_now())


@shared_task(name="patients.sweep_access")
def sweep_access() -> int:
    """End looks and shares whose time is up; tell of reviews that are missing."""
    at = database_now()
    return services.sweep_glasses(at=at) + services.sweep_shares(at=at)


@shared_task(name="patients.tell_bill")
def tell_bill(payment_id: int) -> None:
    services.tell_bill(payment_id, at=database_now())


@shared_task(name="patients.sweep_bills")
def sweep_bills() -> int:
    """Tell the hospital what was paid here; close what was paid there."""
    return services.sweep_bills(at=database_now())


@shared_task(name="patients.sweep_evidence")
def sweep_evidence() -> int:
    """Write down which papers of other hospitals are past their day."""
    return services.sweep_evidence(at=database_now())
