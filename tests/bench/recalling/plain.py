"""The list of reports as Django REST framework has it in its tutorial: a ModelSerializer and
LimitOffsetPagination with its COUNT.

It stands in the same stack as ours, behind the same middleware, opens the same sealed columns and
asks whose reports they are: only the list differs.
"""

from django.urls import path
from rest_framework import generics, pagination, serializers

from hospital import urls
from hospital.his.models import Report
from patients.models import Link


class ReportRow(serializers.ModelSerializer):
    class Meta:
        model = Report
        fields = ("public_id", "at", "kind", "title", "conclusion")


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


urlpatterns = [
    path("api/v1/plain/patients/<uuid:patient>/reports", PlainReports.as_view()),
    *urls.urlpatterns,
]
