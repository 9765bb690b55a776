"""Which patients a manager may ask to see in full."""

from django.db.models import QuerySet

from hospital.accounts.models import User
from patients.models import Patient
from patients.unmasking import details_for


def unmaskable_by(user: User) -> QuerySet[Patient]:
    """Whoever has been seen here, for those whose work it is; nobody who has left (PI-09)."""
    if not details_for(frozenset(user.roles)):
        return Patient.objects.none()
    return Patient.objects.filter(restricted_at=None)
