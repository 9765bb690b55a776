"""Who acts for whom, for programs: an end to it."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.kernel.clock import database_now
from hospital.kernel.http import Door, SignedInRequest
from patients import selectors, services


class EndLink(Door):
    """Act for this person no longer; or nobody of these acts for oneself any more."""

    access = "patient.record"

    class Output(serializers.Serializer[Any]):
        public_id = serializers.UUIDField()
        ended_at = serializers.DateTimeField()

    @extend_schema(request=None, responses=Output)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        link = get_object_or_404(selectors.links_to_end_by(request.user), public_id=public_id)
        ended = services.end_link(link, by=request.user, at=database_now())
        return Response(self.Output(ended).data)
