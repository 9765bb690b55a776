"""Who one acts for: list, register, tell of their health."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.kernel import documents
from hospital.kernel.clock import database_now
from hospital.kernel.fields import NameField, PhoneField, ProseField
from hospital.kernel.http import Door, SignedInRequest, Strict
from patients import claims, selectors, services
from patients.api.answers import AllergyShape, KilogramsField
from patients.models import Link, Patient
from patients.services import health


class Output(serializers.Serializer[Any]):
    """A link, seen as the patient it leads to."""

    public_id = serializers.UUIDField(source="patient.public_id")
    name = serializers.CharField(source="patient.name")
    id_kind = serializers.CharField(source="patient.id_kind")
    id_number = serializers.SerializerMethodField()
    birth_date = serializers.DateField(source="patient.birth_date")
    sex = serializers.CharField(source="patient.sex")
    link = serializers.UUIDField(source="public_id")
    relation = serializers.CharField()
    is_guardian = serializers.BooleanField()
    until = serializers.DateTimeField(allow_null=True)
    is_known_to_hospital = serializers.SerializerMethodField()
    allergies_known_at = serializers.DateTimeField(
        source="patient.allergies_known_at", allow_null=True
    )

    def get_id_number(self, link: Link) -> str:
        return documents.masked(link.patient.id_number)

    def get_is_known_to_hospital(self, link: Link) -> bool:
        return link.patient.person_id is not None


class Helper(serializers.Serializer[Any]):
    """A link by which another account acts for oneself."""

    link = serializers.UUIDField(source="public_id")
    name = serializers.CharField(source="account.name")
    relation = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)


class ListOrRegisterPatients(Door):
    access = "patient.record"

    class Input(Strict):
        name = NameField()
        id_number = serializers.CharField(max_length=40)
        relation = serializers.ChoiceField(choices=list(claims.RELATIONS))
        id_kind = serializers.ChoiceField(choices=list(documents.KINDS), required=False)
        birth_date = serializers.DateField(required=False)  # where the number does not say it
        sex = serializers.ChoiceField(choices=["female", "male"], required=False)
        code = serializers.UUIDField(required=False)
        digits = serializers.CharField(required=False, max_length=12)

    class Rows(serializers.Serializer[Any]):
        rows = Output(many=True)
        acting_for_me = Helper(many=True)

    @extend_schema(responses=Rows)
    def get(self, request: SignedInRequest) -> Response:
        links = list(selectors.links_of(request.user))
        me = next((link.patient for link in links if link.relation == "self"), None)
        others = selectors.others_acting_for(me) if me else ()
        return Response(self.Rows({"rows": links, "acting_for_me": others}).data)

    @extend_schema(request=Input, responses={201: Output})
    def post(self, request: SignedInRequest) -> Response:
        told, at = self.read(self.Input), database_now()
        code, digits = told.pop("code", None), told.pop("digits", "")
        if code is None:
            patient = services.register(request.user, at=at, **told)
        else:
            patient = services.register_family(
                request.user, code=code, digits=digits, at=at, **told
            )
        return Response(Output(selectors.link_of(request.user, patient)).data, status=201)


class AskFamilyCode(Door):
    """Text a code to the phone of an adult of the family; it goes into the registration."""

    access = "patient.record"

    class Input(Strict):
        phone = PhoneField()

    class Output(serializers.Serializer[Any]):
        code = serializers.UUIDField()

    @extend_schema(request=Input, responses={201: Output})
    def post(self, request: SignedInRequest) -> Response:
        asked = services.ask_code(
            request.user, phone=self.read(self.Input)["phone"], at=database_now()
        )
        return Response({"code": str(asked.public_id)}, status=201)


class ReadPatient(Door):
    access = "patient.record"

    @extend_schema(responses=Output)
    def get(self, request: SignedInRequest, public_id: UUID) -> Response:
        link = get_object_or_404(selectors.links_of(request.user), patient__public_id=public_id)
        return Response(Output(link).data)


class SetHealth(Door):
    """Several answers at once; what is left out stays as it was told. One by one: `AnswerStep`."""

    access = "patient.record"

    class Input(Strict):
        allergies = AllergyShape(many=True)
        pregnancy = serializers.ChoiceField(choices=list(health.PREGNANCY), required=False)
        is_lactating = serializers.BooleanField(required=False)
        weight_kg = KilogramsField(allow_null=True, required=False)
        liver = serializers.ChoiceField(choices=list(health.LIVER), required=False)
        history = ProseField(limit=2000, allow_blank=True, required=False)

    class Output(serializers.Serializer[Patient]):
        public_id = serializers.UUIDField()
        allergies_known_at = serializers.DateTimeField()

    @extend_schema(request=Input, responses=Output)
    def put(self, request: SignedInRequest, public_id: UUID) -> Response:
        patient = get_object_or_404(selectors.linked_to(request.user), public_id=public_id)
        told = self.read(self.Input)
        changed = services.set_health(patient, by=request.user, at=database_now(), **told)
        return Response(self.Output(changed).data)
