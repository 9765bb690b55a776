"""A person's own charges for programs."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.kernel.clock import database_now
from hospital.kernel.gate import client_address
from hospital.kernel.http import Door, SignedInRequest, Strict
from hospital.kernel.paging import page_of
from hospital.payments import selectors, services
from hospital.payments.models import Charge, Refund


class RefundOutput(serializers.Serializer[Refund]):
    public_id = serializers.UUIDField()
    amount_fen = serializers.IntegerField()
    state = serializers.CharField()
    asked_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)


class ChargeOutput(serializers.Serializer[Charge]):
    public_id = serializers.UUIDField()
    kind = serializers.CharField()
    subject = serializers.UUIDField()
    what = serializers.CharField()
    amount_fen = serializers.IntegerField()
    refunded_fen = serializers.IntegerField()
    state = serializers.CharField()
    opened_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    refunds = RefundOutput(many=True)


class ListCharges(Door):
    access = "charge.pay"

    class Output(serializers.Serializer[Any]):
        rows = ChargeOutput(many=True)
        next = serializers.CharField(allow_null=True)

    @extend_schema(responses=Output)
    def get(self, request: SignedInRequest) -> Response:
        rows = selectors.visible_to(request.user)
        page = page_of(rows, by="opened_at", cursor=request.query_params.get("after"))
        return Response(self.Output(page).data)


class ReadCharge(Door):
    access = "charge.pay"

    @extend_schema(responses=ChargeOutput)
    def get(self, request: SignedInRequest, public_id: UUID) -> Response:
        charge = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
        return Response(ChargeOutput(charge).data)


class Pay(Door):
    access = "charge.pay"

    class Input(Strict):
        channel = serializers.ChoiceField(choices=["wechat"], default="wechat")

    class Output(serializers.Serializer[Charge]):
        cashier_url = serializers.CharField()

    @extend_schema(request=Input, responses=Output)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        wish = self.read(self.Input)
        charge = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
        address = services.pay(
            charge,
            by=request.user,
            at=database_now(),
            channel=wish["channel"],
            ip=client_address(request),
        )
        return Response({"cashier_url": address})
