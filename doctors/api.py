"""Departments for programs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from doctors import selectors
from hospital.kernel.http import Door, SignedInRequest


class DepartmentRow(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()


class Departments(serializers.Serializer[None]):
    rows = DepartmentRow(many=True)


class ListDepartments(Door):
    access = "doctor.browse"

    @extend_schema(responses=Departments)
    def get(self, _request: SignedInRequest) -> Response:
        """Where patients are seen, in the hospital's order."""
        return Response({"rows": DepartmentRow(selectors.departments(), many=True).data})
