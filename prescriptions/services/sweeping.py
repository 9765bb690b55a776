"""What nobody waits for still happens: prescriptions expire, silent parcels are asked about."""

import logging
from datetime import datetime

from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import Refused
from prescriptions import selectors
from prescriptions.models import Prescription
from prescriptions.services.delivering import ask_courier
from prescriptions.services.ending import expire

log = logging.getLogger(__name__)


def sweep(*, at: datetime) -> int:
    """Each in a transaction of its own; returns how many were looked at."""
    late = selectors.expired(local_date(at))
    for pk in late:
        expire(Prescription.objects.get(pk=pk), at=at)
    silent = selectors.silent_parcels(at)
    for pk in silent:
        try:
            ask_courier(pk, at=at)
        except Refused as refusal:
            log.warning("parcel %s not followed: %s", pk, refusal.code)
    return len(late) + len(silent)
