"""The list of staff that anyone can query (R-26): who practises here, under which licence."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from doctors import selectors
from hospital.kernel.access import door
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.kernel.normalise import prose


@door("staff.browse")
@require_GET
def staff(request: HttpRequest) -> HttpResponse:
    """By name, post or department; what is no such word is as if it were not there."""
    asked = request.GET
    kind = asked.get("kind", "") if asked.get("kind") in ("doctor", "pharmacist") else ""
    wish = {
        "kind": kind,
        "department": prose(asked.get("department", "")[:16]),
        "words": prose(asked.get("q", "")[:20]),
    }
    rows = selectors.staff(local_date(database_now()), **wish)
    found, more = selectors.staff_after(rows, _uuid(asked.get("after")))
    query = {"kind": kind, "department": wish["department"], "q": wish["words"], "after": more}
    context = wish | {
        "rows": found,
        "next": "?" + urlencode({k: v for k, v in query.items() if v}) if more else None,
        "departments": selectors.every_department(),
    }
    return render(request, "doctors/staff.html", context)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
