"""Quick replies, as their doctor keeps them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from doctors import selectors, services
from doctors.pages.settings import doctor_or_404
from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused


@door("doctor.settings")
@require_http_methods(["GET", "POST"])
def replies(request: HttpRequest) -> HttpResponse:
    """The sentences in their order; a new one is added at the end."""
    doctor, error = doctor_or_404(request), ""
    if request.method == "POST":
        try:
            text = request.POST.get("text", "")
            services.add_reply(doctor, text, by=user_of(request), at=database_now())
        except Refused as refusal:
            keep_evidence(refusal)
            error = str(refusal.message)
        else:
            return redirect("doctors:replies")
    seen = {
        "replies": selectors.quick_replies(doctor),
        "error": error,
        "typed": request.POST.get("text", ""),
    }
    return render(request, "doctors/replies.html", seen, status=422 if error else 200)


@door("doctor.settings")
@require_POST
def reply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change, move or remove one: `step` is save, up, down or remove."""
    mine = get_object_or_404(selectors.quick_replies(doctor_or_404(request)), public_id=public_id)
    by, at = user_of(request), database_now()
    try:
        match request.POST.get("step"):
            case "up":
                services.move_reply(mine, up=True, by=by, at=at)
            case "down":
                services.move_reply(mine, up=False, by=by, at=at)
            case "remove":
                services.remove_reply(mine, by=by, at=at)
            case _:
                services.change_reply(mine, request.POST.get("text", ""), by=by, at=at)
    except Refused as refusal:
        keep_evidence(refusal)
        messages.error(request, refusal.message)
    return redirect("doctors:replies")
