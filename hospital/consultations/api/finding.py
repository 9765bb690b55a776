"""Doctors who can be asked online."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.consultations import selectors
from hospital.consultations.selectors import Figures, Wish
from hospital.kernel import normalise
from hospital.kernel.clock import database_now
from hospital.kernel.http import Door
from hospital.kernel.refusals import Refused


class ServiceOutput(serializers.Serializer[Any]):
    kind = serializers.CharField()
    price_fen = serializers.IntegerField()


class DoctorOutput(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    name = serializers.CharField()
    title = serializers.CharField()
    department = serializers.CharField()
    good_at = serializers.CharField()
    is_receiving = serializers.BooleanField()
    reply_minutes = serializers.IntegerField()
    visits = serializers.IntegerField()
    stars = serializers.FloatField(allow_null=True)
    ratings = serializers.IntegerField()
    replies = serializers.IntegerField(help_text="first replies that were measured")
    replied_minutes = serializers.IntegerField(allow_null=True, help_text="their median")
    places = serializers.IntegerField(help_text="left today, over all services")
    services = ServiceOutput(many=True)


class DoctorsOutput(serializers.Serializer[Any]):
    rows = DoctorOutput(many=True)
    next = serializers.CharField(allow_null=True)


class ListDoctors(Door):
    access = "doctor.browse"

    @extend_schema(
        parameters=[OpenApiParameter(name) for name in ("department", "q", "after")],
        responses=DoctorsOutput,
    )
    def get(self, request: Request) -> Response:
        asked, at = request.query_params, database_now()
        wish = Wish(
            department=normalise.prose(asked.get("department", "")[:16]),
            words=normalise.prose(asked.get("q", "")[:20]),
        )
        rows = selectors.doctors(at, wish, after=_cursor(asked.get("after")))
        found, more = selectors.doctors_after(rows)
        figures = selectors.figures_of(found, at)
        told = [_told(doctor, figures[doctor.pk]) for doctor in found]
        return Response(DoctorsOutput({"rows": told, "next": more}).data)


class ReadDoctor(Door):
    access = "doctor.browse"

    @extend_schema(responses=DoctorOutput)
    def get(self, request: Request, public_id: UUID) -> Response:
        at = database_now()
        doctor = get_object_or_404(selectors.doctors(at), public_id=public_id)
        figures = selectors.figures_of([doctor], at)[doctor.pk]
        return Response(DoctorOutput(_told(doctor, figures)).data)


def _told(doctor: Any, figures: Figures) -> dict[str, Any]:
    return {
        "public_id": doctor.public_id,
        "name": doctor.name,
        "title": doctor.get_title_display(),
        "department": doctor.department.name,
        "good_at": doctor.good_at,
        "is_receiving": doctor.receives,
        "reply_minutes": doctor.reply_minutes,
        "visits": figures.standing.visits,
        "stars": figures.standing.stars,
        "ratings": figures.standing.ratings,
        "replies": figures.standing.replies,
        "replied_minutes": figures.standing.reply_minutes,
        "places": figures.places,
        "services": figures.offers,
    }


def _cursor(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Refused(_("翻页的位置不对，请从第一页看起。"), code="cursor-malformed") from None
