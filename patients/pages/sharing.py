"""共享病历: whom the patient let in, letting one more in, taking it back; the doctor's list."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.paging import page_of
from hospital.kernel.refusals import Refused
from hospital.policy.selectors import current
from patients import colleagues, selectors, services
from patients.forms import ShareForm
from patients.lifecycle import ShareState
from patients.models import Share
from patients.pages.asking import spoken_for
from patients.permissions import may_let_in


@door("patient.share")
@require_GET
def sharing(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Questions that wait for an answer, what stands, and what has been."""
    patient = spoken_for(request, public_id)
    page = page_of(selectors.shares_of(patient), by="asked_at", cursor=request.GET.get("after"))
    staff = colleagues.directory().named({each.doctor.public_id for each in page.rows})
    rows = [(each, staff.get(each.doctor.public_id)) for each in page.rows]
    seen = {
        "patient": patient,
        "patients": list(selectors.linked_to(request.user, speaking=True)),
        "page": page,
        "asked": [row for row in rows if row[0].state == ShareState.ASKED],
        "standing": [row for row in rows if row[0].state == ShareState.STANDING],
        "past": [row for row in rows if row[0].state not in selectors.ALIVE],
        "may": may_let_in(user_of(request), patient),
    }
    template = "patients/_past_shares.html" if request.htmx else "patients/sharing.html"  # type: ignore[attr-defined]
    return render(request, template, seen)


@door("patient.share")
@require_http_methods(["GET", "POST"])
def share_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Find a doctor by department or name, choose one and for how long."""
    patient = spoken_for(request, public_id)
    at, search = database_now(), searched(request)
    form = ShareForm(
        request.POST or None, found=search["found"], days=current().values.share_days, at=at
    )
    if form.is_valid():
        told = form.cleaned_data
        try:
            services.share(
                patient,
                doctor=UUID(told["doctor"]),
                days=told["days"],
                by=user_of(request),
                at=at,
            )
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已共享，医生会收到通知。您随时可以收回。"))
            return redirect("patients:sharing", public_id)
    seen = {"patient": patient, "form": form, **search}
    return render(request, "patients/share_new.html", seen, status=422 if form.errors else 200)


@door("patient.share")
@require_POST
def agree_to_share(request: HttpRequest, public_id: UUID) -> HttpResponse:
    done = _("已同意会诊，问诊结束时自动收回，您也可以随时收回。")
    return _answer(request, public_id, services.agree_to_share, done)


@door("patient.share")
@require_POST
def decline_share(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _answer(
        request, public_id, services.decline_share, _("没有同意，病历没有给那位医生看。")
    )


@door("patient.share")
@require_POST
def end_share(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _answer(request, public_id, services.end_share, _("已收回，那位医生马上就看不到了。"))


@door("patient.share")
@require_GET
def my_sharing(request: HttpRequest) -> HttpResponse:
    """The way from 我的: to oneself, or to whoever one acts for."""
    return to_first(request, "patients:sharing")


@door("share.read")
@require_GET
def shared_with_me(request: HttpRequest) -> HttpResponse:
    """共享给我的病历, as the doctor finds it."""
    rows = selectors.shares_with(request.user)
    page = page_of(rows, by="agreed_at", cursor=request.GET.get("after"))
    template = "patients/_shared_with_me.html" if request.htmx else "patients/shared_with_me.html"  # type: ignore[attr-defined]
    return render(request, template, {"page": page})


def searched(request: HttpRequest) -> dict[str, Any]:
    """The doctors of a department or with a part of a name; nobody while nothing is asked."""
    told = request.POST if request.method == "POST" else request.GET
    department, name = told.get("department", ""), told.get("name", "")[:50]
    staff = colleagues.directory()
    found = staff.find(department=department, name=name) if department or name.strip() else ()
    return {
        "departments": staff.departments(),
        "department": department,
        "name": name,
        "found": found,
        "searched": bool(department or name.strip()),
    }


def to_first(request: HttpRequest, where: str) -> HttpResponse:
    """Oneself first; who is nobody's yet is led to registering."""
    patient = selectors.linked_to(request.user, speaking=True).first()
    if patient is None:
        return redirect("patients:members")
    return redirect(where, patient.public_id)


def _answer(
    request: HttpRequest, public_id: UUID, service: Callable[..., Share], done: str
) -> HttpResponse:
    found = get_object_or_404(selectors.shares_answerable_by(request.user), public_id=public_id)
    service(found, by=request.user, at=database_now())
    messages.success(request, done)
    return redirect("patients:sharing", found.patient.public_id)
