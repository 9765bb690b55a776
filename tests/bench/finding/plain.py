"""The list as Django REST framework has it in its tutorial: a ModelSerializer, nested serializers,
methods for what is counted, LimitOffsetPagination with its COUNT, SearchFilter.

It stands in the same stack as ours, behind the same middleware: only the list differs.
"""

from datetime import datetime, time

from django.db.models import Avg
from django.urls import path
from django.utils import timezone
from rest_framework import filters, generics, pagination, serializers

from doctors.models import Clinician, Department, Service
from doctors.selectors import price_fen_of
from hospital import urls
from hospital.consultations.models import Consultation, Rating


class DepartmentRow(serializers.ModelSerializer):
    class Meta:
        model = Department
        fields = ("public_id", "code", "name", "name_en")


class ServiceRow(serializers.ModelSerializer):
    price_fen = serializers.SerializerMethodField()
    places = serializers.SerializerMethodField()

    class Meta:
        model = Service
        fields = ("kind", "price_fen", "places")

    def get_price_fen(self, service: Service) -> int | None:
        return price_fen_of(service, timezone.localdate())

    def get_places(self, service: Service) -> int:
        start = datetime.combine(timezone.localdate(), time.min, timezone.get_current_timezone())
        today = Consultation.objects.filter(
            doctor=service.clinician, kind=service.kind, ordered_at__gte=start
        )
        return service.daily_quota - today.exclude(state__in=["cancelled", "expired"]).count()


class DoctorRow(serializers.ModelSerializer):
    department = DepartmentRow()
    services = ServiceRow(many=True)
    visits = serializers.SerializerMethodField()
    stars = serializers.SerializerMethodField()

    class Meta:
        model = Clinician
        fields = (
            *("public_id", "name", "title", "department", "good_at", "is_receiving"),
            *("reply_minutes", "visits", "stars", "services"),
        )

    def get_visits(self, doctor: Clinician) -> int:
        return doctor.consultations.filter(accepted_at__isnull=False).count()

    def get_stars(self, doctor: Clinician) -> float | None:
        rated = Rating.objects.filter(consultation__doctor=doctor)
        return rated.aggregate(mean=Avg("stars"))["mean"]


class Pages(pagination.LimitOffsetPagination):
    default_limit = 20


class PlainDoctors(generics.ListAPIView):
    access = "doctor.browse"
    serializer_class = DoctorRow
    pagination_class = Pages
    filter_backends = (filters.SearchFilter,)
    search_fields = ("name", "department__name", "good_at")

    def get_queryset(self):
        rows = Clinician.objects.filter(
            kind="doctor",
            user__is_active=True,
            credentials__state="approved",
            credentials__valid_until__gte=timezone.localdate(),
            services__is_on=True,
        )
        if code := self.request.query_params.get("department"):
            rows = rows.filter(department__code=code)
        return rows.distinct().order_by("department__order", "pk")


urlpatterns = [path("api/v1/plain/doctors", PlainDoctors.as_view()), *urls.urlpatterns]
