"""Reports: of oneself and family, or of somebody whose record one may read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hospital.his.models import Observation, Person, Report
from hospital.kernel.paging import Page, PreparedPages
from patients.models import Patient
from patients.reports.analytes import analyte_of, codes_like
from patients.reports.searching import is_called
from patients.reports.trend import flag_of
from patients.selectors.people import linked_to

LOOKED_AT: Final = 500  # newest reports whose sealed titles a search opens
MOST_VALUES: Final = 400  # of one item, drawn and listed
OFFERED: Final = 20  # reports to compare one with


def reports_visible_to(user: Any) -> QuerySet[Report]:
    """The reports of oneself and family."""
    return Report.objects.filter(person__in=_people_of(user))


def observations_visible_to(user: Any) -> QuerySet[Observation]:
    """The items of oneself and family."""
    return Observation.objects.filter(person__in=_people_of(user))


def _people_of(user: Any) -> Any:
    return linked_to(user).exclude(person=None).order_by().values("person")


def reports_of(patient: Patient) -> QuerySet[Report]:
    """All of a patient whom the door found; none where the hospital does not know them."""
    return Report.objects.filter(person=patient.person_id, person__isnull=False)


def observations_of(patient: Patient) -> QuerySet[Observation]:
    return Observation.objects.filter(person=patient.person_id, person__isnull=False)


def with_abnormal(reports: QuerySet[Report]) -> QuerySet[Report, Any]:
    """Each with `abnormal`: how many of its items are out of the ordinary."""
    outside = Q(value__gt=F("high")) | Q(value__lt=F("low")) | ~Q(flag="")
    theirs = Observation.objects.filter(outside, report=OuterRef("pk"))
    counted = theirs.values("report").annotate(n=Count("pk")).values("n")
    return reports.annotate(abnormal=Coalesce(Subquery(counted), 0))


def reports_page(patient: Patient, cursor: str | None) -> Page[Any]:
    """Of all their reports, the newest first, each `with_abnormal`."""
    if patient.person_id is None:
        return Page([], None)
    return _pages(patient.person_id, cursor=cursor)


_pages: Final = PreparedPages[Report](
    lambda person: with_abnormal(Report.objects.filter(person=person)), by="at"
)


def items_known_of(person: Person | None, words: str = "") -> list[Observation]:
    """The newest value of each analyte ever measured; of those that `words` call, if any are.

    What is out of the ordinary comes first, then by name.
    """
    if person is None:
        return []
    newest = person.observations.order_by("code", "-at", "-pk").distinct("code")
    found: dict[str, Observation] = {}
    for row in sorted(newest, key=lambda each: each.at):
        found[analyte_of(row.code).key] = row
    called = [
        row for row in found.values() if not words or is_called(words, name=row.name, code=row.code)
    ]
    return sorted(called, key=lambda row: (not flag_of(row), row.name))


def about(reports: QuerySet[Report], words: str, items: Iterable[Observation]) -> QuerySet[Report]:
    """Of one person's reports those in which one of `items` stands, or whose title says `words`.

    Titles are sealed: those of the newest reports are opened and read.
    """
    codes = [code for item in items for code in codes_like(item.code)]
    inside = Observation.objects.filter(report=OuterRef("pk"), code__in=codes)
    titled = [
        report.pk
        for report in reports.order_by("-at", "-pk")[:LOOKED_AT]
        if is_called(words, name=report.title)
    ]
    return reports.filter(Exists(inside) | Q(pk__in=titled))


def values_like(item: Observation, since: datetime | None = None) -> list[Observation]:
    """Every value of this analyte of the same person, the oldest first; of too many the newest."""
    same = Observation.objects.filter(person=item.person_id, code__in=codes_like(item.code))
    if since is not None:
        same = same.filter(at__gte=since)
    return list(same.order_by("-at", "-pk")[:MOST_VALUES])[::-1]


def values_up_to(report: Report) -> list[Observation]:
    """What stands in this report, and every earlier value of the same analytes, oldest first."""
    standing = set(report.observations.values_list("code", flat=True))
    codes = {like for code in standing for like in codes_like(code)}
    series = Observation.objects.filter(person=report.person_id, code__in=codes)
    newest = series.filter(at__lte=report.at).order_by("-at", "-pk")
    return list(newest[: MOST_VALUES * 3])[::-1]


def items_of_report(report: Report) -> QuerySet[Observation]:
    return report.observations.order_by("pk")


def comparable_with(report: Report) -> list[Report]:
    """The same person's newest other reports in which one of its items stands too."""
    codes = [like for row in items_of_report(report) for like in codes_like(row.code)]
    shared = Observation.objects.filter(report=OuterRef("pk"), code__in=codes)
    others = Report.objects.filter(Exists(shared), person=report.person_id).exclude(pk=report.pk)
    return list(others.order_by("-at", "-pk")[:OFFERED])
