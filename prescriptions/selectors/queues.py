"""What waits for somebody: for review, for dispensing, for the sweep."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from hospital.accounts.roles import Role
from hospital.kernel.calendar import local_date
from patients import selectors as patients
from patients.models import Patient
from prescriptions.lifecycle import DeliveryState, State
from prescriptions.models import Delivery, Prescription

ASK_EVERY: Final = timedelta(minutes=10)  # a courier whose news got lost is asked
MANY: Final = 50  # in one sweep


def awaiting_review(user: Any = None) -> QuerySet[Prescription]:
    """Signed and not yet reviewed, who waits longest first; without the reader's own."""
    rows = Prescription.objects.filter(state=State.SIGNED)
    if user is not None:
        rows = rows.exclude(doctor__user=user.pk)
    return rows.select_related("patient", "doctor__department", "decision").order_by(
        "signed_at", "pk"
    )


def reviewed_today(user: Any, at: datetime) -> int:
    rows = Prescription.objects.filter(reviewer__user=user, reviewed_at__gte=at - timedelta(days=1))
    moments = rows.values_list("reviewed_at", flat=True)
    return sum(local_date(moment) == local_date(at) for moment in moments if moment is not None)


def to_dispense() -> QuerySet[Delivery]:
    """Paid and not yet on its way, the oldest first."""
    rows = Delivery.objects.filter(state=DeliveryState.PACKED)
    shown = rows.select_related(
        "prescription__patient", "prescription__doctor__department", "prescription__charge"
    )
    return shown.prefetch_related("prescription__lines__drug").order_by(
        "prescription__charge__paid_at", "pk"
    )


def readable_patients(user: Any) -> QuerySet[Patient]:
    """Whose health record a pharmacist may open: those whose prescription is in their hands."""
    if not user.holds(Role.PHARMACIST):
        return Patient.objects.none()
    in_hand = Q(state=State.SIGNED) | Q(state=State.APPROVED, reviewer__user=user)
    return Patient.objects.filter(pk__in=Prescription.objects.filter(in_hand).values("patient"))


def expired(today: date) -> list[int]:
    """Prescriptions whose last valid day is over and that nobody dispensed."""
    rows = Prescription.objects.filter(
        state__in=[State.SIGNED, State.APPROVED], valid_until__lt=today
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:MANY])


def silent_parcels(at: datetime) -> list[int]:
    """Parcels on the way of which the courier has told nothing for a while."""
    rows = Delivery.objects.filter(state=DeliveryState.SHIPPED)
    due = rows.filter(Q(asked_at=None) | Q(asked_at__lt=at - ASK_EVERY)).filter(
        shipped_at__lt=at - ASK_EVERY
    )
    return list(due.order_by("asked_at", "pk").values_list("pk", flat=True)[:MANY])


def to_be_had(user: Any, today: date) -> QuerySet[Prescription]:
    """A patient's own that wait for them: to be paid for, or on their way."""
    if not user.holds(Role.PATIENT):
        return Prescription.objects.none()
    usable = Q(state=State.APPROVED, valid_until__gte=today)
    coming = Q(state=State.DISPENSED, delivery__state__in=["packed", "shipped"])
    mine = Prescription.objects.filter(usable | coming, patient__in=patients.linked_to(user))
    shown = mine.select_related("patient", "doctor", "delivery", "charge")
    return shown.prefetch_related("lines__drug").order_by("-signed_at")


def returned_to(user: Any) -> QuerySet[Prescription]:
    """What pharmacists sent back to this doctor, or of a visit that they took over."""
    rows = Prescription.objects.filter(consultation__doctor__user=user.pk, state=State.RETURNED)
    return rows.select_related("patient", "consultation").order_by("-reviewed_at")
