"""What was answered and must not be merged, and whom an answer is about."""

from datetime import datetime

from django.db import transaction

from hospital.his import mirror, reading
from hospital.his.reading import Malformed, Resource
from hospital.kernel.refusals import Refused


@transaction.atomic
def set_aside(kind: str, resources: list[Resource], why: str, *, at: datetime) -> None:
    mirror.quarantine(kind, [(each, why) for each in resources], at=at)


def subject_of(resource: Resource) -> str:
    """The fhir id of the patient whom it is about; empty where it does not say so legibly."""
    try:
        return reading.subject_of(resource)
    except (KeyError, TypeError, AttributeError, Malformed, Refused):
        return ""
