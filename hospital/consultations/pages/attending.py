"""The doctor's workspace: who waits, the conversation, the record beside it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from doctors import selectors as doctors_of
from hospital.accounts.asking import user_of
from hospital.consultations import reasons, selectors, services
from hospital.consultations.forms import DeclineForm, ReferForm
from hospital.consultations.models import Consultation
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.calendar import full_years, local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Detour, Refused
from patients import selectors as patients

TO_TAKE = 10  # counted no further


@door("consultation.attend")
@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """The list; on a wide screen with nobody chosen yet."""
    return render(request, "consultations/work.html", _list(request) | {"view": "list"})


@door("consultation.attend")
@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """The list alone, asked again and again."""
    return render(request, "consultations/_worklist.html", _list(request))


def _attended(request: HttpRequest, public_id: UUID) -> Consultation:
    """One of their own; whoever may not practise is told so before anything else."""
    services.require_practice(request.user)
    return get_object_or_404(selectors.attended_by(request.user), public_id=public_id)


@door("consultation.attend")
@require_GET
def work_one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = _attended(request, public_id)
    services.look(found, by=request.user, at=database_now())
    return _show(request, found)


def _show(
    request: HttpRequest,
    found: Consultation,
    *,
    refusal: Refused | None = None,
    forms: Mapping[str, django_forms.Form] | None = None,
) -> HttpResponse:
    at = database_now()
    seen = _list(request) | {
        "view": "chat",
        "consultation": found,
        "side": "doctor",
        "at": at,
        "age": full_years(found.patient.birth_date, local_date(at)),
        "left": found.open_until - at if found.open_until and found.open_until > at else None,
        "allergies": patients.allergies(found.patient),
        "egfr": patients.egfr(found.patient),
        "messages_shown": selectors.shown(found, request.user),
        "read_upto": selectors.read_by(found, request.user),
        "client_id": uuid4(),
        "replies": doctors_of.quick_replies(found.doctor),
        "why": reasons.said(found.end_reason),
        "decline_form": DeclineForm(),
        "refer_form": ReferForm(),
        "refusal": refusal,
        **(forms or {}),
    }
    status = refusal.status if refusal else 422 if forms else 200
    return render(request, "consultations/work.html", seen, status=status)


def _list(request: HttpRequest) -> dict[str, Any]:
    """Whoever waits for this doctor, with the counts over the filters."""
    services.require_practice(request.user)
    at, only = database_now(), request.GET.get("only", "")
    rows = list(selectors.worklist(request.user)[:100])
    chosen = {"waiting": "waiting", "unread": "unread"}.get(only, "")
    shown = [row for row in rows if _belongs(row, chosen)]
    me = doctors_of.clinician_of(user_of(request), "doctor")
    return {
        "me": me,
        "rows": selectors.with_last_words(shown, request.user, at),
        "only": chosen,
        "at": at,
        "count": len(rows),
        "waiting": sum(_belongs(row, "waiting") for row in rows),
        "unread": sum(_belongs(row, "unread") for row in rows),
        "accepted_today": selectors.accepted_today(request.user, at),
        "chosen": request.GET.get("at", ""),
        "to_take": selectors.offered_to(request.user)[:TO_TAKE].count(),
    }


def _belongs(row: Any, only: str) -> bool:
    return not only or (row.state == "waiting" if only == "waiting" else row.has_news)


@door("consultation.attend")
@require_POST
def accept(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Begin to attend; whoever must prove themselves first is led there and back."""
    found = _attended(request, public_id)
    here = reverse("consultations:work-one", args=[public_id])
    try:
        services.accept(
            found,
            by=request.user,
            at=database_now(),
            specialist_present=request.POST.get("specialist_present") == "on",
        )
    except Detour as first:
        keep_evidence(first)
        return redirect(f"{first.page}?{urlencode({'next': here})}")
    except Refused as refusal:
        keep_evidence(refusal)
        found.refresh_from_db()
        return _show(request, found, refusal=refusal)
    return redirect(here)


@door("consultation.attend")
@require_POST
def decline(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _end(request, public_id, services.decline, DeclineForm, "decline_form")


@door("consultation.attend")
@require_POST
def refer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _end(request, public_id, services.refer, ReferForm, "refer_form")


@door("consultation.attend")
@require_POST
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _end(request, public_id, services.close, django_forms.Form, "close_form")


def _end(
    request: HttpRequest, public_id: UUID, service: Any, shape: type[django_forms.Form], name: str
) -> HttpResponse:
    found = _attended(request, public_id)
    form = shape(request.POST)
    if not form.is_valid():
        return _show(request, found, forms={name: form})
    try:
        service(found, by=request.user, at=database_now(), **form.cleaned_data)
    except Refused as refusal:
        keep_evidence(refusal)
        found.refresh_from_db()
        return _show(request, found, refusal=refusal)
    return redirect("consultations:work-one", public_id)
