"""How people were trained and assessed."""

from django.db.models import QuerySet

from doctors.models import Training
from hospital.accounts.models import User
from hospital.accounts.roles import Role


def trainings_visible_to(user: User) -> QuerySet[Training]:
    """One's own, and for medical affairs everybody's; the newest first."""
    rows = Training.objects.select_related("clinician__department", "by").order_by("-on", "-pk")
    return rows if user.holds(Role.MEDICAL_AFFAIRS) else rows.filter(clinician__user=user)
