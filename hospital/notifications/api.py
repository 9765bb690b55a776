"""The inbox for programs."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.kernel.http import Door, SignedInRequest
from hospital.kernel.paging import page_of
from hospital.notifications import selectors


class NoticeOutput(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    title = serializers.CharField(source="said_title")
    body = serializers.CharField(source="said_body")
    link = serializers.CharField()
    read_at = serializers.DateTimeField(allow_null=True)


class ListNotices(Door):
    access = "inbox.read"

    class Output(serializers.Serializer[Any]):
        rows = NoticeOutput(many=True)
        next = serializers.CharField(allow_null=True)

    @extend_schema(parameters=[OpenApiParameter("after")], responses=Output)
    def get(self, request: SignedInRequest) -> Response:
        page = page_of(
            selectors.visible_to(request.user), by="at", cursor=request.query_params.get("after")
        )
        return Response(self.Output(page).data)
