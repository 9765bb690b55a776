"""Prescriptions, as each person may see them."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from hospital.accounts.roles import Role
from hospital.consultations import selectors as consultations
from hospital.consultations.models import Consultation
from patients import selectors as patients
from prescriptions import signing
from prescriptions.lifecycle import State
from prescriptions.models import Delivery, Prescription, Set
from prescriptions.texts import digest_of

_SHOWN = (
    "patient", "doctor__department", "doctor__user", "reviewer", "consultation", "charge",
    "decision",
)  # fmt: skip


def visible_to(user: Any) -> QuerySet[Prescription]:
    """A patient's own once signed; a doctor's own; to pharmacists all that were signed."""
    return (
        Prescription.objects.filter(_of_patient(user) | _of_doctor(user) | _of_pharmacist(user))
        .select_related(*_SHOWN, "delivery", "dispensing__by")
        .prefetch_related("lines__drug")
    )


def _of_patient(user: Any) -> Q:
    if not user.holds(Role.PATIENT):
        return Q(pk__in=[])
    return Q(patient__in=patients.linked_to(user), signed_at__isnull=False)


def _of_doctor(user: Any) -> Q:
    """What they wrote, and what was written before in a visit they took over; while they may
    practise."""
    posts = consultations.practising_now([user]).values("pk")
    mine = Q(doctor__in=posts) | Q(consultation__doctor__in=posts)
    return mine & Q(patient__restricted_at=None)


def _of_pharmacist(user: Any) -> Q:
    signed = Q(signed_at__isnull=False, patient__restricted_at=None)
    return signed if user.holds(Role.PHARMACIST) else Q(pk__in=[])


def locked(prescription: Prescription) -> Prescription:
    """The row as it stands now, held until the transaction ends, its consultation before it."""
    consultation = consultations.locked(Consultation(pk=prescription.consultation_id))
    rows = Prescription.objects.select_related("patient", "doctor__department", "doctor__user")
    fresh = rows.select_for_update(of=("self",)).get(pk=prescription.pk)
    fresh.consultation = consultation
    return fresh


def of_subject(public_id: UUID) -> Prescription | None:
    """The prescription that a charge or a parcel is about."""
    return Prescription.objects.filter(public_id=public_id).first()


def locked_delivery(delivery: Delivery) -> Delivery:
    """A delivery under lock, its prescription and consultation before it."""
    prescription = locked(delivery.prescription)
    fresh = Delivery.objects.select_for_update().get(pk=delivery.pk)
    fresh.prescription = prescription
    return fresh


def draft_of(consultation: Consultation) -> Prescription | None:
    """The one draft that a consultation may have."""
    rows = Prescription.objects.filter(consultation=consultation, state=State.DRAFT)
    return rows.select_related(*_SHOWN).prefetch_related("lines__drug").first()


def earlier_of(consultation: Consultation) -> QuerySet[Prescription]:
    """What this patient was given here before, for a doctor who wants to look or to copy."""
    rows = Prescription.objects.filter(
        patient=consultation.patient_id, state__in=[State.APPROVED, State.DISPENSED]
    )
    return rows.select_related("doctor").prefetch_related("lines__drug").order_by("-signed_at")[:3]


def is_authentic(prescription: Prescription, *, reviewed: bool) -> bool:
    """Whether the text is the one that was signed, and the signatures are whose they say.

    `reviewed` asks for the pharmacist's signature over the same digest as well.
    """
    if prescription.text is None or digest_of(prescription.text) != prescription.digest:
        return False
    keys = signing.adapter()
    if prescription.doctor_key is None or not keys.is_signed(
        prescription.doctor,
        prescription.digest,
        signing.Signature(prescription.doctor_key, prescription.doctor_signature),
    ):
        return False
    if not reviewed:
        return True
    return (
        prescription.reviewer is not None
        and prescription.pharmacist_key is not None
        and prescription.reviewed_digest == prescription.digest
        and keys.is_signed(
            prescription.reviewer,
            prescription.digest,
            signing.Signature(prescription.pharmacist_key, prescription.pharmacist_signature),
        )
    )


def sets_of(user: Any) -> QuerySet[Set]:
    """The sets that this doctor keeps, by name, with their lines."""
    rows = Set.objects.filter(doctor__user=user.pk, doctor__kind="doctor").order_by("name")
    return rows.select_related("doctor").prefetch_related("lines__drug")
