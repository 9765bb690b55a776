"""Whose patients are somebody's own: by this account, or by another account of the same person.

Who works here mostly has an account as a patient beside the one for work. Both are one person:
the identity number in the certificates is that of the patient whom the other account calls itself.
"""

from typing import Any

from django.db.models import Q, QuerySet

from hospital.kernel.encrypted import index_of
from patients import colleagues
from patients.models import Link, Patient


def near_to(user: Any) -> QuerySet[Patient]:
    """Oneself and all for whom one acts or ever acted: an ended link makes nobody impartial."""
    itself = [index_of(Patient, "id_index", n) for n in colleagues.directory().numbers(user)]
    other_accounts = Link.objects.filter(relation="self", patient__id_index__in=itself)
    links = Link.objects.filter(Q(account=user) | Q(account__in=other_accounts.values("account")))
    return Patient.objects.filter(Q(pk__in=links.values("patient")) | Q(id_index__in=itself))


def is_near(user: Any, patient: Patient) -> bool:
    return near_to(user).filter(pk=patient.pk).exists()
