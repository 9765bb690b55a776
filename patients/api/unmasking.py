"""Seeing in full what lists show masked."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.kernel.clock import database_now
from hospital.kernel.fields import ProseField
from hospital.kernel.http import Door, SignedInRequest, Strict
from patients import selectors, services
from patients.unmasking import BY_CODE, DETAILS


class UnmaskPatient(Door):
    access = "patient.unmask"

    class Input(Strict):
        details = serializers.ListField(
            child=serializers.ChoiceField(choices=[each.name for each in DETAILS]), min_length=1
        )
        reason = serializers.ChoiceField(choices=sorted(BY_CODE))
        note = ProseField(limit=200)

    class Output(serializers.Serializer[Any]):
        details = serializers.DictField(child=serializers.CharField())

    @extend_schema(request=Input, responses=Output)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        patient = get_object_or_404(selectors.unmaskable_by(request.user), public_id=public_id)
        asked = self.read(self.Input)
        shown = services.unmask(patient, **asked, by=request.user, at=database_now())
        return Response({"details": shown})
