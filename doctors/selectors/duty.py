"""Who is on duty."""

from datetime import datetime

from django.db.models import QuerySet

from doctors.models import Clinician, Duty
from doctors.selectors.people import in_force
from hospital.kernel.calendar import local_date


def on_duty(kind: str, at: datetime) -> QuerySet[Clinician]:
    """Who of this kind is rostered at `at` and may practise."""
    return Clinician.objects.filter(
        in_force(local_date(at)),
        pk__in=Duty.objects.filter(starts_at__lte=at, ends_at__gt=at).values("clinician"),
        kind=kind,
        user__is_active=True,
    )


def pharmacist_on_duty(at: datetime) -> bool:
    return on_duty("pharmacist", at).exists()
