"""The reports of oneself and family."""

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet

from hospital.his.models import Observation, Report
from patients.selectors.people import linked_to

MOST_VALUES: Final = 1000  # behind the trends of one report


def reports_visible_to(user: Any) -> QuerySet[Report]:
    """The reports of oneself and family."""
    people = linked_to(user).exclude(person=None).order_by().values("person")
    return Report.objects.filter(person__in=people)


def abnormal_counts(reports: Sequence[Report]) -> dict[int, int]:
    """How many values of each report lie outside their reference range."""
    outside = Q(value__gt=F("high")) | Q(value__lt=F("low"))
    found = Observation.objects.filter(outside, report__in=reports)
    return dict(found.values_list("report").annotate(Count("pk")).order_by())


def observations_behind(report: Report) -> QuerySet[Observation]:
    """Every value up to this report of the items that stand in it, the oldest first."""
    codes = report.observations.values("code")
    series = Observation.objects.filter(person=report.person_id, code__in=codes)
    return series.filter(at__lte=report.at).order_by("at", "pk")[:MOST_VALUES]
