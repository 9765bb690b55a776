"""The worker's doors: lists that are being imported, licences, privileges and prices that end."""

from celery import shared_task

from doctors import services
from hospital.kernel.clock import database_now
from hospital.kernel.jobs import after_commit


@shared_task(name="doctors.run_import")
def run_import(import_id: int) -> bool:
    """Its rows, for a minute and a half; goes on in a further task where that is not enough."""
    done = services.run_import(import_id, at=database_now(), seconds=90)
    if not done:
        after_commit("doctors.run_import", import_id)
    return done


@shared_task(name="doctors.sweep_imports")
def sweep_imports() -> int:
    return services.sweep_imports(at=database_now())


@shared_task(name="doctors.sweep")
def sweep() -> dict[str, int]:
    """What ends by date; every hour, so that a night without a worker is made up for."""
    at = database_now()
    return {
        "lapsed": services.lapse_past(at=at),
        "ended": services.end_past_privileges(at=at),
        "unpriced": services.turn_off_unpriced(at=at),
        "reminded": services.remind(at=at),
    }
