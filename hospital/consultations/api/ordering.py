"""A patient's doors: may I, order, look, cancel, rate."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.consultations import selectors, services
from hospital.consultations.api.shapes import (
    ConsultationBrief,
    ConsultationOutput,
    consultation_of,
)
from hospital.consultations.services.ordering import LONGEST
from hospital.kernel.clock import database_now
from hospital.kernel.fields import ProseField, WholeField
from hospital.kernel.http import Door, SignedInRequest, Strict
from hospital.kernel.paging import page_of
from patients import selectors as patients


class _Wish(Strict):
    patient = serializers.UUIDField()
    doctor = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=["followup", "advice"])
    diagnoses = serializers.ListField(
        child=serializers.CharField(max_length=16), max_length=10, default=list
    )
    guardian_present = serializers.BooleanField(default=False)


class JudgementOutput(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=["pass", "block"])
    policy_version = serializers.IntegerField()
    engine_version = serializers.CharField()
    as_of = serializers.DateTimeField(allow_null=True)  # what the hospital told is true till then
    findings = serializers.ListField(child=serializers.DictField())
    evidence = serializers.ListField(child=serializers.DictField())


class Eligibility(Door):
    """Whether an order would be taken, with every reason why not. Stores nothing."""

    access = "consultation.order"

    @extend_schema(request=_Wish, responses=JudgementOutput)
    def post(self, request: SignedInRequest) -> Response:
        at = database_now()
        wish = _read(self, request, _Wish, at)
        patient, doctor = wish.pop("patient"), wish.pop("doctor")
        judged = services.judge(request.user, patient, doctor, at=at, **wish)
        return Response(JudgementOutput(judged.as_dict()).data)


class _Order(_Wish):
    complaint = ProseField(limit=LONGEST)


class ConsultationsOutput(serializers.Serializer[Any]):
    rows = ConsultationBrief(many=True)
    next = serializers.CharField(allow_null=True)


class Consultations(Door):
    access = {"GET": "consultation.read", "POST": "consultation.order"}

    @extend_schema(parameters=[OpenApiParameter("after")], responses=ConsultationsOutput)
    def get(self, request: SignedInRequest) -> Response:
        page = page_of(
            selectors.visible_to(request.user),
            by="ordered_at",
            cursor=request.query_params.get("after"),
        )
        return Response(ConsultationsOutput({"rows": page.rows, "next": page.next}).data)

    @extend_schema(request=_Order, responses={201: ConsultationOutput})
    def post(self, request: SignedInRequest) -> Response:
        at = database_now()
        wish = _read(self, request, _Order, at)
        ordered = services.order(request.user, at=at, **wish)
        return Response(ConsultationOutput(ordered).data, status=201)


class ReadConsultation(Door):
    access = "consultation.read"

    @extend_schema(responses=ConsultationOutput)
    def get(self, request: SignedInRequest, public_id: UUID) -> Response:
        found = consultation_of(request.user, public_id)
        services.look(found, by=request.user, at=database_now())
        return Response(ConsultationOutput(found).data)


class Cancel(Door):
    access = "consultation.order"

    @extend_schema(request=None, responses=ConsultationOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        consultation = consultation_of(request.user, public_id)
        ended = services.cancel(consultation, by=request.user, at=database_now())
        return Response(ConsultationOutput(ended).data)


class RatingOutput(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    stars = serializers.IntegerField()
    at = serializers.DateTimeField()


class Rate(Door):
    access = "consultation.order"

    class Input(Strict):
        stars = WholeField(low=1, high=5)
        text = ProseField(limit=300, default="", allow_blank=True)

    @extend_schema(request=Input, responses={201: RatingOutput})
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        consultation = consultation_of(request.user, public_id)
        given = self.read(self.Input)
        rating = services.rate(consultation, by=request.user, at=database_now(), **given)
        return Response(RatingOutput(rating).data, status=201)


def _read(door: Door, request: SignedInRequest, shape: type[Strict], at: Any) -> dict[str, Any]:
    """The wish with its patient (one's own or 404) and its doctor in place of their ids."""
    wish = door.read(shape)
    own = patients.linked_to(request.user)
    wish["patient"] = get_object_or_404(own, public_id=wish["patient"])
    wish["doctor"] = get_object_or_404(selectors.doctors(at), public_id=wish["doctor"])
    return wish
