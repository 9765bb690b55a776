"""The trail for programs: what happened in one visit, in order."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from audit import selectors
from audit.models import Event
from hospital.kernel.fields import WholeField
from hospital.kernel.http import Door, SignedInRequest, Strict

MOST = 500  # events in one answer


class EventOutput(serializers.Serializer[Event]):
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    outcome = serializers.CharField()
    role = serializers.CharField()
    subject = serializers.CharField()


class TrailOfVisit(Door):
    access = "admin.trail"

    class Input(Strict):
        stream = serializers.UUIDField()
        after = WholeField(low=0, default=0)

    class Output(serializers.Serializer[Any]):
        rows = EventOutput(many=True)
        next = serializers.IntegerField(allow_null=True)

    @extend_schema(parameters=[Input], responses=Output)
    def get(self, request: SignedInRequest) -> Response:
        """Oldest first. `next` is the `after` of the following page."""
        asked = self.read(self.Input, request.query_params.dict())
        events = selectors.of_stream(asked["stream"]).filter(pk__gt=asked["after"])[: MOST + 1]
        rows = list(events)
        more = rows[MOST - 1].pk if len(rows) > MOST else None
        return Response(self.Output({"rows": rows[:MOST], "next": more}).data)
