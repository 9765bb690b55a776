"""What the doors of this room answer with."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hospital.consultations import frames, selectors, services
from hospital.consultations.models import Consultation


class ChargeOutput(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    amount_fen = serializers.IntegerField()
    state = serializers.CharField()
    pay_by = serializers.DateTimeField()


class PersonOutput(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    name = serializers.CharField()


class DoctorBrief(PersonOutput):
    title = serializers.CharField(source="get_title_display")
    department = serializers.CharField(source="department.name")


class ConsultationBrief(serializers.Serializer[Consultation]):
    """A row of a list."""

    public_id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.CharField()
    patient = PersonOutput()
    doctor = DoctorBrief()
    ordered_at = serializers.DateTimeField()
    accept_by = serializers.DateTimeField(allow_null=True)
    open_until = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    last_seq = serializers.IntegerField()


class ConsultationOutput(ConsultationBrief):
    """A consultation as its two sides see it."""

    complaint = serializers.CharField()
    diagnoses = serializers.ListField(child=serializers.DictField())
    guardian_present = serializers.BooleanField()
    fee_fen = serializers.IntegerField()
    end_reason = serializers.CharField()
    end_note = serializers.CharField()
    charge = serializers.SerializerMethodField()

    @extend_schema_field(ChargeOutput(allow_null=True))
    def get_charge(self, consultation: Consultation) -> dict[str, Any] | None:
        charge = frames.charge_of(consultation)
        return dict(ChargeOutput(charge).data) if charge else None


def attended_by(user: Any, public_id: UUID) -> Consultation:
    """The same for whoever attends; a doctor who may not practise is told so first."""
    services.require_practice(user)
    return consultation_of(user, public_id)


def consultation_of(user: Any, public_id: UUID) -> Consultation:
    """The consultation if it is this person's; foreign and missing are the same 404."""
    return get_object_or_404(selectors.visible_to(user), public_id=public_id)
