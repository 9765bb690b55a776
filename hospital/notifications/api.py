"""The inbox for programs."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from hospital.kernel.http import Door, SignedInRequest
from hospital.kernel.paging import page_of
from hospital.notifications import selectors


class ListNotices(Door):
    access = "inbox.read"

    class Output(serializers.Serializer[Any]):
        public_id = serializers.UUIDField()
        at = serializers.DateTimeField()
        kind = serializers.CharField()
        title = serializers.CharField()
        body = serializers.CharField()
        link = serializers.CharField()
        read_at = serializers.DateTimeField(allow_null=True)

    def get(self, request: SignedInRequest) -> Response:
        page = page_of(
            selectors.visible_to(request.user), by="at", cursor=request.query_params.get("after")
        )
        return Response({"rows": self.Output(page.rows, many=True).data, "next": page.next})
