"""报告: the list and one report with how each value went."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hospital.his import selectors as his
from hospital.his.models import Observation, Report
from hospital.kernel.access import door
from hospital.kernel.paging import page_of
from patients import history, selectors
from patients.history import Series
from patients.pages.choosing import chosen


@door("patient.reports")
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Those of one patient; of oneself where nobody is named."""
    patients = list(selectors.linked_to(request.user))
    patient = chosen(request, patients)
    mine = selectors.reports_visible_to(request.user)
    mine = mine.filter(person=patient.person) if patient and patient.person else mine.none()
    page = page_of(mine, by="at", cursor=request.GET.get("after"))
    abnormal = selectors.abnormal_counts(page.rows)
    for row in page.rows:
        row.abnormal = abnormal.get(row.pk, 0)  # type: ignore[attr-defined]
    seen = {
        "patients": patients,
        "patient": patient,
        "page": page,
        "as_of": his.as_of(patient.person) if patient and patient.person else None,
    }
    template = "patients/_reports.html" if request.htmx else "patients/reports.html"  # type: ignore[attr-defined]
    return render(request, template, seen)


@door("patient.reports")
@require_GET
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    mine = selectors.reports_visible_to(request.user)
    found = get_object_or_404(mine.select_related("person"), public_id=public_id)
    series = history.series_of(selectors.observations_behind(found))
    items = _items(found, series)
    seen = {
        "report": found,
        "items": items,
        "quiet": [each for each in items if each["trend"] and not each["flag"]],
        "as_of": his.as_of(found.person),
    }
    return render(request, "patients/report.html", seen)


def _items(found: Report, series: list[Series]) -> list[dict[str, Any]]:
    trends = {each.code: each for each in series}
    rows = list(found.observations.order_by("pk"))
    return [_item(row, trends[row.code]) for row in rows if row.code in trends]


def _item(row: Observation, trend: Series) -> dict[str, Any]:
    flag = history.flag(row.value, row.low, row.high)
    return {
        "row": row,
        "flag": flag,
        "value": f"{row.value.normalize():f}",
        "reference": history.reference(row.low, row.high),
        "trend": trend if len(trend.points) > 1 else None,
        "points": trend.drawn,
        "says": trend.says,
        "why": {"high": _("偏高"), "low": _("偏低")}.get(flag, ""),
    }
