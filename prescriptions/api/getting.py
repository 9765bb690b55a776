"""How the patient gets the medicines: order, dispense, ship, receive; and the courier's word."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from hospital.kernel.clock import database_now
from hospital.kernel.http import Door, SignedInRequest, Strict
from patients import selectors as patients
from prescriptions import selectors, services
from prescriptions.api.shapes import DeliveryOutput, PrescriptionOutput, shown


class OrderMedicines(Door):
    access = "prescription.order"

    class Input(Strict):
        mode = serializers.ChoiceField(choices=["courier", "window"])
        address = serializers.UUIDField(required=False, allow_null=True)

    class Output(serializers.Serializer[Any]):
        class Charge(serializers.Serializer[Any]):
            public_id = serializers.UUIDField()
            amount_fen = serializers.IntegerField()
            pay_by = serializers.DateTimeField(source="expires_at")

        charge = Charge()

    @extend_schema(request=Input, responses={201: Output})
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        wish = self.read(self.Input)
        prescription = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
        address = None
        if wish.get("address"):
            mine = patients.addresses_of(request.user)
            address = get_object_or_404(mine, public_id=wish["address"])
        charge = services.order_medicines(
            prescription, mode=wish["mode"], address=address, by=request.user, at=database_now()
        )
        return Response(self.Output({"charge": charge}).data, status.HTTP_201_CREATED)


class Dispense(Door):
    access = "prescription.dispense"

    class Input(Strict):
        class Batch(Strict):
            drug = serializers.UUIDField()
            batch = serializers.CharField(max_length=32)

        batches = Batch(many=True, required=False, default=list)

    @extend_schema(request=Input, responses=PrescriptionOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        batches = [
            {"drug": str(each["drug"]), "batch": each["batch"]}
            for each in self.read(self.Input)["batches"]
        ]
        prescription = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
        services.dispense(prescription, by=request.user, at=database_now(), batches=batches)
        fresh = selectors.visible_to(request.user).get(pk=prescription.pk)
        return Response(shown(fresh, request.user))


class ShipMedicines(Door):
    access = "prescription.dispense"

    @extend_schema(request=None, responses=DeliveryOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        rows = selectors.visible_to(request.user).filter(delivery__isnull=False)
        delivery = get_object_or_404(rows, public_id=public_id).delivery
        shipped = services.ship(delivery, by=request.user, at=database_now())
        return Response(DeliveryOutput(shipped).data)


class ReceiveMedicines(Door):
    access = "prescription.receive"

    @extend_schema(request=None, responses=DeliveryOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        prescription = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
        delivery = services.receive(prescription, by=request.user, at=database_now())
        return Response(DeliveryOutput(delivery).data)
