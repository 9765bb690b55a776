"""The published price list, for everybody (互联网医院管理办法: 公布服务项目和价格)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from doctors import selectors
from doctors.models import PRICED, Price
from hospital.kernel.access import door
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now


@door("price.browse")
@require_GET
def prices(request: HttpRequest) -> HttpResponse:
    """What is asked today, and what has been announced for a later day."""
    today = local_date(database_now())
    rows = selectors.price_list(today)
    groups: list[tuple[str, list[Price]]] = [
        (kind.value, [row for row in rows if row.kind == kind]) for kind in PRICED
    ]
    seen: dict[str, Any] = {"groups": [each for each in groups if each[1]], "today": today}
    return render(request, "doctors/prices.html", seen)
