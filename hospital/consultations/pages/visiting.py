"""The patient's side of a consultation: the list, waiting, talking, rating."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hospital.consultations import frames, pace, reasons, selectors, services
from hospital.consultations.forms import RatingForm, SayForm
from hospital.consultations.lifecycle import State
from hospital.consultations.models import Consultation, Rating
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.paging import page_of
from hospital.kernel.refusals import Refused

TALKED = (State.OPEN, State.CLOSED, State.REFERRED)  # what has a conversation to show


@door("consultation.order")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    rows = selectors.acting_for(request.user)
    page = page_of(rows, by="ordered_at", cursor=request.GET.get("after"))
    more = request.htmx  # type: ignore[attr-defined]
    template = "consultations/_mine.html" if more else "consultations/mine.html"
    return render(request, template, {"page": page})


@door("consultation.read")
@require_GET
def consultation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One address from the order to the rating; a doctor is led to the same one at work."""
    found = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
    if found.doctor.user_id == request.user.pk:
        return redirect("consultations:work-one", public_id)
    services.look(found, by=request.user, at=database_now())
    return _show(request, found)


def _show(
    request: HttpRequest,
    found: Consultation,
    *,
    form: RatingForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    at = database_now()
    seen = _seen(found, at) | {"refusal": refusal}
    status = refusal.status if refusal else 422 if form else 200
    if found.state not in TALKED:
        return render(request, "consultations/consultation.html", seen, status=status)
    rated = Rating.objects.filter(consultation=found).first()
    seen |= {
        "messages_shown": selectors.shown(found, request.user),
        "client_id": uuid4(),
        "rating": rated,
        "rating_form": None if rated or found.state == State.OPEN else form or RatingForm(),
    }
    return render(request, "consultations/chat.html", seen, status=status)


def _seen(found: Consultation, at: datetime) -> dict[str, Any]:
    return {
        "consultation": found,
        "at": at,
        "left": found.open_until - at if found.open_until and found.open_until > at else None,
        "pay_address": frames.pay_address(found),
        "ahead": selectors.ahead_of(found) if found.state == State.WAITING else 0,
        "why": reasons.said(found.end_reason),
        "side": "patient",
    }


@door("consultation.read")
@require_GET
def state(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What a waiting page asks again and again; the whole page comes anew once it has changed."""
    found = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
    response = render(request, "consultations/_state.html", _seen(found, database_now()))
    if request.GET.get("was") != found.state:
        response["HX-Refresh"] = "true"
    return response


@door("consultation.say")
@require_POST
def say(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Sending without scripts, from either side."""
    found = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
    form = SayForm(request.POST)
    back = "work-one" if found.doctor.user_id == request.user.pk else "consultation"
    address = reverse(f"consultations:{back}", args=[public_id]) + "#end"
    if form.is_valid():
        pace.keep(request.user, at=database_now())
        services.say(found, by=request.user, at=database_now(), **form.cleaned_data)
    return redirect(address)


@door("consultation.order")
@require_POST
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = get_object_or_404(selectors.acting_for(request.user), public_id=public_id)
    try:
        services.cancel(found, by=request.user, at=database_now())
    except Refused as refusal:
        keep_evidence(refusal)
        found.refresh_from_db()
        return _show(request, found, refusal=refusal)
    return redirect("consultations:consultation", public_id)


@door("consultation.order")
@require_POST
def rate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = get_object_or_404(selectors.acting_for(request.user), public_id=public_id)
    form = RatingForm(request.POST)
    if form.is_valid():
        try:
            services.rate(found, by=request.user, at=database_now(), **form.cleaned_data)
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            return redirect("consultations:consultation", public_id)
    return _show(request, found, form=form)
