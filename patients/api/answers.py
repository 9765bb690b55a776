"""电子建档 over JSON: the same questions as the pages put, each answer kept by itself."""

from typing import Any, Final
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.kernel.clock import database_now
from hospital.kernel.fields import NameField, PhoneField, ProseField
from hospital.kernel.http import Door, SignedInRequest, Strict
from hospital.kernel.refusals import Refused
from patients import selectors, services
from patients.models import Answer
from patients.services import answering, health


class KilogramsField(serializers.CharField):
    """Text or number; DRF's own would take `1e2` and `1_0` for weights."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return health.kilograms(super().to_internal_value(data))
        except Refused as refusal:
            raise serializers.ValidationError(refusal.message, code=refusal.code) from refusal


class AllergyShape(Strict):
    to = ProseField(limit=50)
    reaction = serializers.ChoiceField(choices=list(health.REACTIONS))


class MedicineShape(Strict):
    name = ProseField(limit=60)
    dosage = ProseField(limit=120, allow_blank=True, default="")


class AllergiesShape(Strict):
    """All of them, in the place of those before; an empty list says that there are none."""

    allergies = AllergyShape(many=True)


class HistoryShape(Strict):
    history = ProseField(limit=2000, allow_blank=True)
    liver = serializers.ChoiceField(choices=list(health.LIVER))


class MedicinesShape(Strict):
    """Added to those that were told; an empty list says that there are no others."""

    medicines = MedicineShape(many=True)


class PregnancyShape(Strict):
    pregnancy = serializers.ChoiceField(choices=list(health.PREGNANCY))
    is_lactating = serializers.BooleanField()
    due_on = serializers.DateField(allow_null=True)


class WeightShape(Strict):
    weight_kg = KilogramsField()


class InsuranceShape(Strict):
    kind = serializers.ChoiceField(choices=list(answering.INSURANCES))
    number = serializers.CharField(max_length=32, allow_blank=True)


class ContactShape(Strict):
    name = NameField()
    phone = PhoneField()
    relation = serializers.ChoiceField(choices=list(answering.CONTACTS))


SHAPES: Final[dict[str, type[Strict]]] = {
    "allergies": AllergiesShape,
    "history": HistoryShape,
    "medicines": MedicinesShape,
    "pregnancy": PregnancyShape,
    "weight": WeightShape,
    "insurance": InsuranceShape,
    "contact": ContactShape,
}
_ANY: Final = PolymorphicProxySerializer(
    component_name="HealthAnswer",
    serializers=list(SHAPES.values()),
    resource_type_field_name=None,
)


class AnswerStep(Door):
    """One question: allergies, history, medicines, pregnancy, weight, insurance or contact.

    Every field of the question is needed, so nothing is erased by silence.
    """

    access = "patient.record"

    class Output(serializers.Serializer[Answer]):
        step = serializers.CharField()
        at = serializers.DateTimeField()

    @extend_schema(request=_ANY, responses=Output)
    def put(self, request: SignedInRequest, public_id: UUID, step: str) -> Response:
        patient = get_object_or_404(selectors.linked_to(request.user), public_id=public_id)
        if step not in SHAPES:
            raise Http404
        said = self.read(SHAPES[step])
        given = services.answer(patient, step, said=said, by=request.user, at=database_now())
        return Response(self.Output(given).data)
