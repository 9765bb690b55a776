"""The pharmacist's doors of the review."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.kernel.clock import database_now
from hospital.kernel.fields import ProseField
from hospital.kernel.http import Door, SignedInRequest, Strict
from prescriptions import selectors, services
from prescriptions.api.shapes import PrescriptionOutput, shown
from prescriptions.models import Prescription


class ListReviews(Door):
    access = "prescription.review"

    class Output(serializers.Serializer[Any]):
        class Row(serializers.Serializer[Prescription]):
            public_id = serializers.UUIDField()
            number = serializers.CharField()
            version = serializers.IntegerField()
            signed_at = serializers.DateTimeField()
            doctor = serializers.CharField(source="doctor.name")
            department = serializers.CharField(source="doctor.department.name")
            rules = serializers.ListField(child=serializers.CharField(), source="decision.rules")

        rows = Row(many=True)

    @extend_schema(responses=Output)
    def get(self, request: SignedInRequest) -> Response:
        """Who waits longest first; at most a hundred."""
        return Response(self.Output({"rows": selectors.awaiting_review()[:100]}).data)


class NoteInput(Strict):
    note = ProseField(limit=500, required=False, allow_blank=True, default="")


class _Review(Door):
    access = "prescription.decide"

    def act(self, prescription: Prescription, note: str) -> Prescription:
        raise NotImplementedError

    @extend_schema(request=NoteInput, responses=PrescriptionOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        note = self.read(NoteInput)["note"]
        prescription = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
        self.act(prescription, note)
        fresh = selectors.visible_to(request.user).get(pk=prescription.pk)
        return Response(shown(fresh, request.user))


class ApprovePrescription(_Review):
    def act(self, prescription: Prescription, note: str) -> Prescription:
        by = self.request.user
        return services.approve(prescription, note=note, by=by, at=database_now())


class ReturnPrescription(_Review):
    def act(self, prescription: Prescription, note: str) -> Prescription:
        by = self.request.user
        return services.send_back(prescription, note=note, by=by, at=database_now())


class RejectPrescription(_Review):
    def act(self, prescription: Prescription, note: str) -> Prescription:
        by = self.request.user
        return services.reject(prescription, note=note, by=by, at=database_now())
