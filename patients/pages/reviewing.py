"""外院病历 for doctors: what waits for their department, one paper, and the answer to it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused
from patients import selectors, services
from patients.forms import ConfirmForm, WhyForm, diseases
from patients.lifecycle import EVIDENCE
from patients.models import Evidence

MOST = 30
_FIELDS = {
    "diagnosis-unknown": "code",
    "institution-missing": "institution",
    "visit-day": "visited_on",
    "reason-missing": "why",
}


@door("evidence.review")
@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """The oldest first: who waits longest is seen first. Others move up as these are judged."""
    waiting = selectors.papers_to_review(request.user).order_by("at", "pk")
    seen = {"rows": waiting[:MOST], "confirmed": selectors.confirmed_by(request.user)[:MOST]}
    return render(request, "patients/reviews.html", seen)


@door("evidence.review")
@require_GET
def review(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _show(request, _paper(request, public_id))


@door("evidence.decide")
@require_POST
def confirm_paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    done = _("已确认，患者会收到通知。")
    return _decide(request, public_id, "confirm", services.confirm_evidence, done)


@door("evidence.decide")
@require_POST
def refuse_paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    done = _("已退回，患者会看到理由。")
    return _decide(request, public_id, "refuse", services.refuse_evidence, done)


@door("evidence.decide")
@require_POST
def revoke_paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    done = _("已撤销，从现在起不再作数。")
    return _decide(request, public_id, "revoke", services.revoke_evidence, done)


_FORMS: dict[str, type[forms.Form]] = {"confirm": ConfirmForm, "refuse": WhyForm, "revoke": WhyForm}


def _paper(request: HttpRequest, public_id: UUID) -> Evidence:
    return get_object_or_404(selectors.reviewable_by(request.user), public_id=public_id)


def _decide(
    request: HttpRequest, public_id: UUID, step: str, service: Callable[..., Evidence], done: str
) -> HttpResponse:
    paper, form = _paper(request, public_id), _FORMS[step](request.POST, prefix=step)
    status = 422
    if form.is_valid():
        try:
            service(paper, by=user_of(request), at=database_now(), **form.cleaned_data)
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(_FIELDS.get(refusal.code), refusal.message)
            status = refusal.status
        else:
            messages.success(request, done)
            return redirect("patients:reviews")
    return _show(request, _paper(request, public_id), tried={step: form}, status=status)


def _show(
    request: HttpRequest,
    paper: Evidence,
    *,
    tried: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Shown, so recorded as read; with a form for each step that its state allows."""
    at, patient = database_now(), paper.patient
    services.note_read("record.read", patient, on=paper, by=user_of(request), at=at, why="review")
    offered = sorted(EVIDENCE.steps_from(paper.state) & _FORMS.keys())
    asked = {step: (tried or {}).get(step) or _FORMS[step](prefix=step) for step in offered}
    seen: dict[str, Any] = {
        "paper": paper,
        "patient": patient,
        "pages": paper.pages.select_related("file").order_by("pk"),
        "forms": asked,
        "refusals": [e for f in (tried or {}).values() for e in f.non_field_errors()],
        "diseases": diseases(),
    }
    return render(request, "patients/review.html", seen, status=status)
