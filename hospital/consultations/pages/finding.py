"""Find a doctor: departments, the list, one doctor's page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from doctors import selectors as doctors_of
from doctors.models import Clinician, Department
from hospital.accounts.roles import Role
from hospital.consultations import selectors
from hospital.consultations.selectors import Wish
from hospital.kernel import normalise
from hospital.kernel.access import door
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now

PRICES: Final = (30, 50, 100)  # yuan that a visit may cost at most


@door("doctor.browse")
@require_GET
def departments(request: HttpRequest) -> HttpResponse:
    """As a tree; none that leads to an empty list."""
    tree = doctors_of.staffed(local_date(database_now()))
    return render(request, "consultations/departments.html", {"tree": tree})


@door("doctor.browse")
@require_GET
def doctors(request: HttpRequest) -> HttpResponse:
    """Who can be asked. A filter changes the list alone; without scripts, the page."""
    asked, at, patient = request.GET, database_now(), _patient(request)
    wish = _wish(asked, is_patient=patient is not None)
    rows = selectors.doctors(at, wish, user=patient, after=_uuid(asked.get("after")))
    found, more = selectors.doctors_after(rows)
    figures = selectors.figures_of(found, at)
    seen = {
        "rows": [(doctor, figures[doctor.pk]) for doctor in found],
        "chips": _chips(wish, is_patient=patient is not None),
        "next": f"{_query(wish)}&after={more}" if more else None,
        "wish": wish,
        "department": _department(wish.department, found),
    }
    fragment = request.headers.get("HX-Target") == "found"
    template = "consultations/_doctors.html" if fragment else "consultations/doctors.html"
    return render(request, template, seen)


@door("doctor.browse")
@require_GET
def doctor(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All that is public about one doctor (R-26, R-27)."""
    at = database_now()
    today = local_date(at)
    found = get_object_or_404(selectors.doctors(at), public_id=public_id)
    figures = selectors.figures_of([found], at)[found.pk]
    later = {
        line.code: line for line in reversed(doctors_of.price_list(today)) if line.starts_on > today
    }
    seen = {
        "doctor": found,
        "figures": figures,
        "offers": [(offer, later.get(offer.price_code)) for offer in figures.offers],
        "there": selectors.availability([found], at)[found.pk],
        "hours": _hours(found),
        "leaves": doctors_of.leaves_of(found, today),
        "prescribes": doctors_of.prescribes(found),
        "licence": selectors.licence_of(found, at),
        "ratings": selectors.ratings_of(found),
    }
    return render(request, "consultations/doctor.html", seen)


def _hours(who: Clinician) -> dict[str, list[str]]:
    """The windows of each day of the week on which the doctor receives."""
    days: dict[str, list[str]] = {}
    for each in doctors_of.hours_of(who):
        days.setdefault(str(WEEKDAYS[each.weekday - 1]), []).append(each.said)
    return days


@dataclass(frozen=True)
class Chip:
    """One filter of the list, and where the list is with it changed."""

    label: str
    query: str
    is_on: bool


def _chips(wish: Wish, *, is_patient: bool) -> list[Chip]:
    labels = {
        "seen": _("看过的"),
        "receiving": _("正在接诊"),
        "places": _("今日有号"),
        "chief": _("主任医师"),
    }
    nothing = replace(wish, only=frozenset(), most_fen=None)
    chips = [Chip(_("全部"), _query(nothing), wish == nothing)]
    for name, label in labels.items():
        if name != "seen" or is_patient:
            changed = replace(wish, only=wish.only ^ {name})
            chips.append(Chip(label, _query(changed), name in wish.only))
    for yuan in PRICES:
        is_on = wish.most_fen == yuan * 100
        changed = replace(wish, most_fen=None if is_on else yuan * 100)
        chips.append(Chip(_("¥%(n)s 以内") % {"n": yuan}, _query(changed), is_on))
    return chips


def _department(code: str, found: Sequence[Clinician]) -> Department | None:
    """The one that was asked for: whoever was found in it, or in a part of it, knows it."""
    if not code:
        return None
    if not found:
        return doctors_of.departments().filter(code=code).first()
    nearest = found[0].department
    return nearest if nearest.code == code else nearest.parent


def _wish(asked: QueryDict, *, is_patient: bool) -> Wish:
    """What of the address is known to us; the rest is as if it were not there."""
    only = {name for name in asked.getlist("only") if name in selectors.ONLY}
    most = asked.get("most", "")
    return Wish(
        department=normalise.prose(asked.get("department", "")[:16]),
        words=normalise.prose(asked.get("q", "")[:20]),
        only=frozenset(only if is_patient else only - {"seen"}),
        most_fen=int(most) * 100 if most in map(str, PRICES) else None,
    )


def _query(wish: Wish) -> str:
    parts: list[tuple[str, str]] = [("only", name) for name in selectors.ONLY if name in wish.only]
    if wish.department:
        parts.append(("department", wish.department))
    if wish.most_fen is not None:
        parts.append(("most", str(wish.most_fen // 100)))
    if wish.words:
        parts.append(("q", wish.words))
    return "?" + urlencode(parts)


def _patient(request: HttpRequest) -> Any:
    """Who is asking, where that is a patient."""
    user = request.user
    return user if user.is_authenticated and user.holds(Role.PATIENT) else None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
