"""The worker's door to the hospital's system."""

import logging

from celery import shared_task

from hospital.his import services
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Unavailable

log = logging.getLogger(__name__)


@shared_task(name="his.pull")
def pull() -> int:
    """Pull what changed. Silence there is no news: the next minute asks again."""
    at = database_now()
    try:
        taken = services.pull_all(at=at)
    except Unavailable as silence:
        log.warning("hospital system: %s", silence.code)
        return 0
    finally:
        services.retry_strangers(at=at)
    return sum(each.rows for each in taken.values())
