"""The list of reports as Django REST framework has it in its tutorial: a ModelSerializer, a
SerializerMethodField for what is counted, and LimitOffsetPagination with its COUNT.

It stands in the same stack as ours, behind the same middleware, opens the same sealed columns,
asks whose reports they are and counts what is abnormal in each: only the list differs. It does not
say how old the mirror is.
"""

from django.db.models import F, Q
from django.urls import path
from rest_framework import generics, pagination, serializers

from hospital import urls
from hospital.his.models import Report
from patients.models import Link


class ReportRow(serializers.ModelSerializer):
    abnormal = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields = ("public_id", "at", "kind", "title", "conclusion", "abnormal")

    def get_abnormal(self, report):
        outside = Q(value__gt=F("high")) | Q(value__lt=F("low")) | ~Q(flag="")
        return report.observations.filter(outside).count()


class Pages(pagination.LimitOffsetPagination):
    default_limit = 20


class PlainReports(generics.ListAPIView):
    access = "patient.reports"
    serializer_class = ReportRow
    pagination_class = Pages

    def get_queryset(self):
        mine = Link.objects.filter(account=self.request.user, ended_at=None)
        people = mine.filter(patient__public_id=self.kwargs["patient"]).values("patient__person")
        return Report.objects.filter(person__in=people).order_by("-at", "-pk")


class LessOfARow(serializers.ModelSerializer):
    class Meta:
        model = Report
        fields = ("public_id", "at", "kind", "title", "conclusion")


urlpatterns = [
    path("api/v1/plain/patients/<uuid:patient>/reports", PlainReports.as_view()),
    path(
        "api/v1/less/patients/<uuid:patient>/reports",
        PlainReports.as_view(serializer_class=LessOfARow),
    ),
    *urls.urlpatterns,
]
