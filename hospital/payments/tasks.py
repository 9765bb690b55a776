"""The worker's doors to the till."""

from celery import shared_task

from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused, Unavailable
from hospital.payments import services


@shared_task(name="payments.sweep")
def sweep() -> int:
    return services.sweep(at=database_now())


@shared_task(name="payments.send_refund")
def send_refund(refund_id: int) -> None:
    services.send_refund(refund_id, at=database_now())


@shared_task(name="payments.shut")
def shut(charge_id: int) -> None:
    try:
        services.shut(charge_id, at=database_now())
    except Unavailable:
        return  # the sweep finds it
    except Refused as refusal:
        keep_evidence(refusal)
