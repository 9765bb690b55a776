"""Why somebody is on the 保护名单, for who decides about it."""

from django.db.models import QuerySet

from patients.models import Patient, Protection


def protections_of(patient: Patient) -> QuerySet[Protection]:
    """Every decision about this patient, newest first."""
    return patient.protections.select_related("by").order_by("-at", "-pk")
