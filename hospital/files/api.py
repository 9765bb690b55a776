"""Uploading for programs and pages."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from hospital.files import readers, services
from hospital.files.models import File
from hospital.kernel.clock import database_now
from hospital.kernel.http import Door, SignedInRequest, Strict
from hospital.kernel.refusals import Refused


class KeepFile(Door):
    access = "file.keep"
    parser_classes = (MultiPartParser,)

    class Input(Strict):
        kind = serializers.CharField(max_length=32)
        stream = serializers.UUIDField(required=False)
        file = serializers.FileField(max_length=None)

    class Output(serializers.Serializer[File]):
        public_id = serializers.UUIDField()
        url = serializers.SerializerMethodField()
        width = serializers.IntegerField()
        height = serializers.IntegerField()

        def get_url(self, file: File) -> str:
            return reverse("files:read", args=[file.public_id])

    @extend_schema(request={"multipart/form-data": Input}, responses={201: Output})
    def post(self, request: SignedInRequest) -> Response:
        """Keep a picture: JPEG, PNG or WebP, at most 10 MB. Comes back upright and small."""
        given = self.read(self.Input)
        stream = given.get("stream")
        file = services.keep_image(
            given["file"],
            kind=given["kind"],
            by=request.user,
            at=database_now(),
            about=self._about(request.user, given["kind"], stream),
            stream=stream,
        )
        return Response(self.Output(file).data, status=201)

    def _about(self, user: Any, kind: str, stream: Any) -> Any:
        """Whom the file would be about, as its room says; a foreign place is a missing one."""
        judge = readers.may_keep(kind)
        if judge is None:
            raise Refused(_("不能上传这一类文件。"), code="kind-unknown")
        about = judge(user, stream)
        if about is None:
            raise Http404
        return about
