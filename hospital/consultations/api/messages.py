"""What is said, for whoever has no socket: the same messages, the same once-only sending."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.consultations import frames, pace, selectors, services
from hospital.consultations.api.shapes import consultation_of
from hospital.consultations.permissions import side_of
from hospital.kernel.clock import database_now
from hospital.kernel.fields import ProseField
from hospital.kernel.http import Door, SignedInRequest, Strict
from hospital.kernel.normalise import whole
from hospital.kernel.sockets import MAX_FRAME


class FileOutput(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    url = serializers.CharField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)


class MessageOutput(serializers.Serializer[Any]):
    type = serializers.CharField()
    seq = serializers.IntegerField()
    client_id = serializers.UUIDField()
    kind = serializers.CharField()
    side = serializers.CharField()
    at = serializers.DateTimeField()
    text = serializers.CharField(required=False)
    file = FileOutput(required=False)
    card = serializers.DictField(required=False, allow_null=True)
    html = serializers.CharField()


class MessagesOutput(serializers.Serializer[Any]):
    messages = MessageOutput(many=True)
    state = serializers.CharField()
    seq = serializers.IntegerField(help_text="of the last message there is")
    read_upto = serializers.IntegerField(help_text="how far the other side has read")


class AckOutput(serializers.Serializer[Any]):
    client_id = serializers.UUIDField()
    seq = serializers.IntegerField()
    at = serializers.DateTimeField()


class Messages(Door):
    access = {"GET": "consultation.read", "POST": "consultation.say"}

    class Input(Strict):
        client_id = serializers.UUIDField()
        text = ProseField(limit=MAX_FRAME, required=False, allow_blank=True)
        file = serializers.UUIDField(required=False)

    @extend_schema(parameters=[OpenApiParameter("after_seq", int)], responses=MessagesOutput)
    def get(self, request: SignedInRequest, public_id: UUID) -> Response:
        consultation = consultation_of(request.user, public_id)
        services.look(consultation, by=request.user, at=database_now())
        after = whole(request.query_params.get("after_seq", "0"), low=0, high=2**31 - 1)
        rows = selectors.shown(consultation, request.user, after=after)
        mine = side_of(request.user, consultation)
        other = "patient" if mine == "doctor" else "doctor"
        told = {
            "messages": [frames.message_frame(consultation, row) for row in rows],
            "state": consultation.state,
            "seq": consultation.last_seq,
            "read_upto": selectors.read_upto(consultation, other),
        }
        return Response(MessagesOutput(told).data)

    @extend_schema(request=Input, responses={201: AckOutput})
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        consultation = consultation_of(request.user, public_id)
        given = self.read(self.Input)
        pace.keep(request.user, at=database_now())
        said = services.say(consultation, by=request.user, at=database_now(), **given)
        return Response(AckOutput(said).data, status=201)
