"""Consent texts and consents; addresses."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.kernel.clock import database_now
from hospital.kernel.fields import NameField, PhoneField, ProseField, WholeField
from hospital.kernel.http import Door, SignedInRequest, Strict
from patients import selectors, services
from patients.models import ConsentText


class ConsentTextOutput(serializers.Serializer[Any]):
    kind = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    body = serializers.CharField()
    body_en = serializers.CharField()


class ListConsentTexts(Door):
    access = "patient.consent"

    class Output(serializers.Serializer[Any]):
        rows = ConsentTextOutput(many=True)

    @extend_schema(responses=Output)
    def get(self, request: SignedInRequest) -> Response:
        return Response(self.Output({"rows": selectors.newest_texts()}).data)


class GiveConsent(Door):
    access = "patient.consent"

    class Input(Strict):
        kind = serializers.CharField(max_length=24)
        version = WholeField(low=1)

    class Output(serializers.Serializer[Any]):
        public_id = serializers.UUIDField()
        at = serializers.DateTimeField()
        digest = serializers.CharField()

    @extend_schema(request=Input, responses={201: Output})
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        patient = get_object_or_404(selectors.linked_to(request.user), public_id=public_id)
        text = get_object_or_404(ConsentText, **self.read(self.Input))
        given = services.consent(patient, text, by=request.user, at=database_now())
        return Response(self.Output(given).data, status=201)


class AddressOutput(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    name = serializers.CharField()
    phone = serializers.CharField()
    region = serializers.CharField()
    detail = serializers.CharField()


class ListOrAddAddresses(Door):
    access = "patient.address"

    class Input(Strict):
        name = NameField()
        phone = PhoneField()
        region = ProseField(limit=64)
        detail = ProseField(limit=120)

    class Output(serializers.Serializer[Any]):
        rows = AddressOutput(many=True)

    @extend_schema(responses=Output)
    def get(self, request: SignedInRequest) -> Response:
        return Response(self.Output({"rows": selectors.addresses_of(request.user)}).data)

    @extend_schema(request=Input, responses={201: AddressOutput})
    def post(self, request: SignedInRequest) -> Response:
        kept = services.add_address(request.user, at=database_now(), **self.read(self.Input))
        return Response(AddressOutput(kept).data, status=201)
