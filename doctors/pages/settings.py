"""How doctors set up their work. Each change is one form, sent by one tap, in force at once."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from doctors import selectors, services
from doctors.models import PAID, PRICED, Clinician, Leave, Module, Price
from doctors.pages.week import days_of
from doctors.work_forms import HoursForm, LeaveForm, PromisesForm, ServiceForm, first_error
from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused
from hospital.web.ways import way_on

PROMISES = (15, 30, 60, 120, 240, 720, 1440)  # minutes
PAUSES = (3, 5, 10, 15, 20, 30, 50)  # waiting


def doctor_or_404(request: HttpRequest) -> Clinician:
    doctor = selectors.clinician_of(user_of(request), "doctor")
    if doctor is None:
        raise Http404
    return doctor


@door("doctor.settings")
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """The 接诊中 switch, the modules with price and quota, hours, leave, promises."""
    return _settings(request, selectors.clinician_of(user_of(request), "doctor"))


@door("doctor.settings")
@require_POST
def receiving(request: HttpRequest) -> HttpResponse:
    """Turn the switch; answers with the switch alone where only that is wanted."""
    clinician = services.set_receiving(
        doctor_or_404(request),
        is_receiving=request.POST.get("is_receiving") == "on",
        by=user_of(request),
        at=database_now(),
    )
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "doctors/_receiving.html", {"clinician": clinician})
    return redirect(way_on(request) or "doctors:settings")


@door("doctor.settings")
@require_POST
def service(request: HttpRequest, kind: str) -> HttpResponse:
    """Save one module; a price or quota that is not given stays as it is."""
    if kind not in Module.values:
        raise Http404
    doctor = doctor_or_404(request)

    def save(given: dict[str, Any]) -> None:
        services.set_service(doctor, kind, **given, by=user_of(request), at=database_now())

    return _saved(request, doctor, ServiceForm(request.POST), save, about=kind)


@door("doctor.settings")
@require_POST
def hours(request: HttpRequest) -> HttpResponse:
    """Open or close one window of the week."""
    doctor = doctor_or_404(request)

    def save(given: dict[str, Any]) -> None:
        services.set_hours(doctor, **given, by=user_of(request), at=database_now())

    return _saved(request, doctor, HoursForm(request.POST), save, about="hours")


@door("doctor.settings")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Be away from one day to another."""
    doctor = doctor_or_404(request)

    def save(given: dict[str, Any]) -> None:
        services.take_leave(doctor, **given, by=user_of(request), at=database_now())

    return _saved(request, doctor, LeaveForm(request.POST), save, about="leave")


@door("doctor.settings")
@require_POST
def cancel_leave(request: HttpRequest, public_id: Any) -> HttpResponse:
    doctor = doctor_or_404(request)
    mine = get_object_or_404(Leave, clinician=doctor, public_id=public_id)

    def save(_given: dict[str, Any]) -> None:
        services.cancel_leave(mine, by=user_of(request), at=database_now())

    return _saved(request, doctor, forms.Form(request.POST), save, about="leave")


@door("doctor.settings")
@require_POST
def promises(request: HttpRequest) -> HttpResponse:
    """How soon one answers, and when new orders stop by themselves."""
    doctor = doctor_or_404(request)

    def save(given: dict[str, Any]) -> None:
        services.set_promises(doctor, **given, by=user_of(request), at=database_now())

    return _saved(request, doctor, PromisesForm(request.POST), save, about="promises")


def _saved(
    request: HttpRequest,
    doctor: Clinician,
    form: forms.Form,
    save: Callable[[dict[str, Any]], None],
    *,
    about: str,
) -> HttpResponse:
    """Do it and come back; or show beside `about` what was wrong, with what was typed."""
    if form.is_valid():
        try:
            save(form.cleaned_data)
        except Refused as refusal:
            keep_evidence(refusal)
            error = str(refusal.message)
        else:
            messages.success(request, _("已保存，马上生效。"))
            return redirect("doctors:settings")
    else:
        error = first_error(form)
    wrong = {"about": about, "error": error, "typed": request.POST}
    return _settings(request, doctor, wrong, status=422)


def _settings(
    request: HttpRequest,
    doctor: Clinician | None,
    wrong: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"clinician": doctor, "wrong": wrong}
    if doctor is not None:
        at = database_now()
        today = local_date(at)
        windows = list(selectors.hours_of(doctor))
        leaves = list(selectors.leaves_of(doctor, today))
        context |= {
            "in_force": selectors.practising(today).filter(pk=doctor.pk).exists(),
            "there": selectors.available(doctor, windows, leaves, at),
            "modules": _modules(doctor, selectors.prices_for(doctor, today), today),
            "week": days_of(windows),
            "windows": windows,
            "leaves": leaves,
            "today": today,
            "promises": _choices(PROMISES, doctor.reply_minutes, _minutes_said),
            "pauses": _choices(PAUSES, doctor.pause_at, lambda n: _("%(n)s 位") % {"n": n}),
        }
    return render(request, "doctors/settings.html", context, status=status)


def _modules(doctor: Clinician, prices: list[Price], today: Any) -> list[dict[str, Any]]:
    """Each module with what is set, its prices to choose from, and whether its own still is one."""
    offered = selectors.services_of(doctor, today)
    return [
        {
            "kind": kind.value,
            "service": offered.get(kind),
            "is_on": bool(offered.get(kind) and offered[kind].is_on),
            "prices": [price for price in prices if price.kind == kind],
            "has_price": kind in PRICED,
            "needs_price": kind in PAID,
            "has_quota": kind in PAID,
            "lost_its_price": _lost(offered.get(kind)),
        }
        for kind in Module
    ]


def _lost(service: Any) -> bool:
    return bool(service and service.price_code and service.price_fen is None)


def _choices(
    known: tuple[int, ...], own: int | None, said: Callable[[int], str]
) -> list[tuple[int, str]]:
    """The usual choices, and one's own where it is none of them."""
    return [(n, said(n)) for n in sorted({*known, *([] if own is None else [own])})]


def _minutes_said(minutes: int) -> str:
    if minutes % 60:
        return ngettext("%(n)s 分钟", "%(n)s 分钟", minutes) % {"n": minutes}
    hours = minutes // 60
    return ngettext("%(n)s 小时", "%(n)s 小时", hours) % {"n": hours}
