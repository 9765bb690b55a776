"""A doctor's doors: accept, decline, close, refer, take over."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.consultations import selectors, services
from hospital.consultations.api.shapes import ConsultationOutput, attended_by
from hospital.kernel.clock import database_now
from hospital.kernel.fields import ProseField
from hospital.kernel.http import Door, SignedInRequest, Strict


class Accept(Door):
    access = "consultation.attend"

    class Input(Strict):
        specialist_present = serializers.BooleanField(default=False)

    @extend_schema(request=Input, responses=ConsultationOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        consultation = attended_by(request.user, public_id)
        given = self.read(self.Input)
        opened = services.accept(consultation, by=request.user, at=database_now(), **given)
        return Response(ConsultationOutput(opened).data)


class Decline(Door):
    access = "consultation.attend"

    class Input(Strict):
        reason = serializers.CharField(max_length=32)
        note = ProseField(limit=300, default="", allow_blank=True)

    @extend_schema(request=Input, responses=ConsultationOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        consultation = attended_by(request.user, public_id)
        given = self.read(self.Input)
        ended = services.decline(consultation, by=request.user, at=database_now(), **given)
        return Response(ConsultationOutput(ended).data)


class Close(Door):
    access = "consultation.attend"

    @extend_schema(request=None, responses=ConsultationOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        consultation = attended_by(request.user, public_id)
        ended = services.close(consultation, by=request.user, at=database_now())
        return Response(ConsultationOutput(ended).data)


class Refer(Door):
    """Terminate and guide offline (R-04)."""

    access = "consultation.attend"

    class Input(Strict):
        reason = serializers.CharField(max_length=32)
        note = ProseField(limit=300, default="", allow_blank=True)

    @extend_schema(request=Input, responses=ConsultationOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        consultation = attended_by(request.user, public_id)
        given = self.read(self.Input)
        ended = services.refer(consultation, by=request.user, at=database_now(), **given)
        return Response(ConsultationOutput(ended).data)


class TakeOver(Door):
    """Go on where a colleague of the same department may not (R-13: freshly verified)."""

    access = "handover.take"

    class Input(Strict):
        specialist_present = serializers.BooleanField(default=False)

    @extend_schema(request=Input, responses=ConsultationOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        handover = get_object_or_404(selectors.offered_to(request.user), public_id=public_id)
        given = self.read(self.Input)
        taken = services.take_over(handover, by=request.user, at=database_now(), **given)
        return Response(ConsultationOutput(taken).data)
