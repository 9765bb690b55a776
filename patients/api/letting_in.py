"""Who has read a record, and whom the patient lets in."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.kernel import normalise
from hospital.kernel.clock import database_now
from hospital.kernel.fields import WholeField
from hospital.kernel.http import Door, SignedInRequest, Strict
from patients import selectors, services
from patients.models import Patient, Share
from patients.models.shares import LONGEST

WHO = ("staff", "family")


class ReadOutput(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    who = serializers.CharField()
    post = serializers.CharField()
    kind = serializers.CharField(source="event.kind")
    what = serializers.CharField()
    why = serializers.CharField()
    review = serializers.CharField(source="glass.state", default=None, allow_null=True)
    number = serializers.IntegerField(source="event.pk")


class ListReads(Door):
    """谁看过我的病历, the newest first. `review` is how a look through break-glass was judged."""

    access = "patient.reads"

    class Rows(serializers.Serializer[Any]):
        rows = ReadOutput(many=True)
        next = serializers.CharField(allow_null=True)

    @extend_schema(parameters=[OpenApiParameter("who"), OpenApiParameter("after")], responses=Rows)
    def get(self, request: SignedInRequest, public_id: UUID) -> Response:
        asked = request.query_params
        after = asked.get("after")
        page = selectors.reads_of(
            _own(request, public_id),
            family=asked.get("who") == "family",
            before=normalise.whole(after, low=1) if after else None,
        )
        after = str(page.next) if page.next else None
        return Response({"rows": ReadOutput(page.rows, many=True).data, "next": after})


class ShareOutput(serializers.Serializer[Share]):
    public_id = serializers.UUIDField()
    doctor = serializers.CharField(source="doctor.name")
    kind = serializers.CharField()
    state = serializers.CharField()
    until = serializers.DateTimeField()


class ListOrGiveShares(Door):
    access = "patient.share"

    class Input(Strict):
        doctor = serializers.UUIDField()
        days = WholeField(low=1, high=LONGEST.days)

    class Rows(serializers.Serializer[Any]):
        rows = ShareOutput(many=True)

    @extend_schema(responses=Rows)
    def get(self, request: SignedInRequest, public_id: UUID) -> Response:
        """Those that stand or wait for an answer."""
        shares = selectors.shares_of(_own(request, public_id)).filter(state__in=selectors.ALIVE)
        return Response(self.Rows({"rows": shares}).data)

    @extend_schema(request=Input, responses={201: ShareOutput})
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        told = self.read(self.Input)
        made = services.share(_own(request, public_id), **told, by=request.user, at=database_now())
        return Response(ShareOutput(made).data, status=201)


class EndShare(Door):
    """Take it back; the doctor's next request finds no such record."""

    access = "patient.share"

    @extend_schema(request=None, responses=ShareOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        share = get_object_or_404(selectors.shares_answerable_by(request.user), public_id=public_id)
        ended = services.end_share(share, by=request.user, at=database_now())
        return Response(ShareOutput(ended).data)


def _own(request: SignedInRequest, public_id: UUID) -> Patient:
    return get_object_or_404(selectors.linked_to(request.user, speaking=True), public_id=public_id)
