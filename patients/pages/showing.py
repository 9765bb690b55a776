"""What the pages of reports show, whoever asks: the patient's own side, or a clinician."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from hospital.his import selectors as his
from hospital.his.models import Observation, Report
from hospital.kernel.clock import database_now
from hospital.kernel.normalise import folded
from hospital.kernel.paging import Page, page_of
from patients import selectors
from patients.models import Patient
from patients.pages.asking import uuid_named
from patients.reports.analytes import analyte_of
from patients.reports.comparing import differences
from patients.reports.items import items_of
from patients.reports.trend import Trend, trends_of

LONGEST: Final = 20  # of what is looked for
YEARS: Final = ("1", "3", "5")  # of a trend; otherwise all


def listed(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """One page of reports, or the items ever measured with `?show=items`; `?q=` looks in both."""
    words, person = folded(request.GET.get("q", ""))[:LONGEST], patient.person
    shows_items = request.GET.get("show") == "items"
    items = selectors.items_known_of(person, words) if words or shows_items else []
    page = _page(patient, words, items, request.GET.get("after"))
    return {
        "page": page,
        "words": words,
        "shows_items": shows_items,
        "items": items_of(items),
        "as_of": his.as_of(person) if person else None,
    }


def _page(patient: Patient, words: str, items: list[Observation], cursor: str | None) -> Page[Any]:
    if not words:
        return selectors.reports_page(patient, cursor)
    found = selectors.about(selectors.reports_of(patient), words, items)
    return page_of(selectors.with_abnormal(found), by="at", cursor=cursor)


def one(report: Report) -> dict[str, Any]:
    """A report with how each of its items went until then; what is out of range comes first."""
    items = items_of(selectors.items_of_report(report))
    trends = _by_code(selectors.values_up_to(report))
    drawn = [(item, trends[item.row.code]) for item in items if item.row.code in trends]
    return {
        "report": report,
        "items": items,
        "loud": [(item, trend) for item, trend in drawn if item.flag],
        "quiet": [(item, trend) for item, trend in drawn if not item.flag],
        "as_of": his.as_of(report.person),
    }


def _by_code(rows: list[Observation]) -> dict[str, Trend]:
    """The newest series of each analyte that has more than one point."""
    analytes: dict[str, list[Observation]] = {}
    for row in rows:
        analytes.setdefault(analyte_of(row.code).key, []).append(row)
    found = [trend for each in analytes.values() for trend in trends_of(each)[:1]]
    return {trend.code: trend for trend in found if len(trend.points) > 1}


def trend(request: HttpRequest, item: Observation) -> dict[str, Any]:
    """All series of what this item measures, within the years asked for; words stand as a list."""
    years = request.GET.get("years", "")
    rows = selectors.values_like(item, _since(years))
    return {
        "item": item,
        "trends": trends_of(rows),
        "words": items_of(row for row in reversed(rows) if row.value is None),
        "years": years if years in YEARS else "",
        "spans": YEARS,
        "is_cut": len(rows) == selectors.MOST_VALUES,
        "as_of": his.as_of(item.person),
    }


def _since(years: str) -> datetime | None:
    return database_now() - timedelta(days=365 * int(years)) if years in YEARS else None


def compared(
    request: HttpRequest, report: Report, reports: QuerySet[Report]
) -> tuple[dict[str, Any], list[Report]]:
    """This one beside `?with=`, which is of the same person; without it, what there is to choose.

    Also the reports that are shown, for whoever has to leave a trace of it.
    """
    wish = uuid_named(request, "with")
    if wish is None:
        return {"report": report, "choices": selectors.comparable_with(report)}, []
    theirs = reports.filter(person=report.person_id).exclude(pk=report.pk)
    other = get_object_or_404(theirs, public_id=wish)
    older, newer = sorted((report, other), key=lambda each: (each.at, each.pk))
    rows = differences(selectors.items_of_report(older), selectors.items_of_report(newer))
    seen = {"report": report, "older": older, "newer": newer, "rows": rows}
    return seen, [older, newer]
