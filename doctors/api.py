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
    subject_code = serializers.CharField(help_text="诊疗科目")
    part_of = serializers.CharField(
        source="parent.code", default=None, allow_null=True, help_text="the code of the larger one"
    )


class Departments(serializers.Serializer[None]):
    rows = DepartmentRow(many=True)


class ListDepartments(Door):
    access = "doctor.browse"

    @extend_schema(responses=Departments)
    def get(self, _request: SignedInRequest) -> Response:
        """Where patients are seen, in the hospital's order."""
        return Response(
            {
                "rows": DepartmentRow(
                    selectors.departments().select_related("parent"), many=True
                ).data
            }
        )
