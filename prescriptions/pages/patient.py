"""The patient's list (P19), one prescription (P20), its way home (P22, P23), the sheet (P21)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hospital.accounts.roles import Role
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.kernel.paging import page_of
from hospital.kernel.refusals import Refused
from hospital.policy import selectors as policies
from patients import selectors as patients
from prescriptions import journey, selectors, services
from prescriptions.forms import OrderForm
from prescriptions.lifecycle import State
from prescriptions.models import Prescription


@door("prescription.read")
@require_GET
def prescriptions(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not user.holds(Role.PATIENT):
        doctor = user.holds(Role.DOCTOR)
        return redirect("prescriptions:written" if doctor else "prescriptions:reviews")
    page = page_of(
        selectors.visible_to(request.user), by="begun_at", cursor=request.GET.get("after")
    )
    template = "_prescriptions" if getattr(request, "htmx", False) else "prescriptions"
    return render(request, f"prescriptions/{template}.html", {"page": page})


@door("prescription.read")
@require_GET
def prescription(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = services.look(_own(request, public_id), by=request.user, at=database_now())
    return render(request, "prescriptions/prescription.html", _seen(row))


@door("prescription.order")
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Choose the way to get the medicines, then go and pay."""
    row = _own(request, public_id)
    addresses = list(patients.addresses_of(request.user))
    form = OrderForm(request.POST or None, addresses=addresses)
    if form.is_valid():
        try:
            charge = services.order_medicines(row, by=request.user, at=database_now(), **form.wish)
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            return redirect("payments:pay", charge.public_id)
    context = {
        "form": form,
        "addresses": addresses,
        "fee_fen": policies.current().values.delivery_fee_fen,
        "may_send": patients.has_consent(row.patient, "courier"),
        **_seen(row),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "prescriptions/order.html", context, status=status)


@door("prescription.order")
@require_POST
def collect(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Fetch at the window what no courier has yet; what the courier was paid for goes back."""
    services.collect_instead(_own(request, public_id), by=request.user, at=database_now())
    messages.success(request, _("已改为到院自取，配送费会退回。"))
    return redirect("prescriptions:prescription", public_id)


@door("prescription.receive")
@require_POST
def receive(request: HttpRequest, public_id: UUID) -> HttpResponse:
    services.receive(_own(request, public_id), by=request.user, at=database_now())
    return redirect("prescriptions:prescription", public_id)


@door("prescription.read")
@require_GET
def sheet(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The 处方笺 as the law wants it on paper, A5. Drawn from the text that was signed."""
    row = services.look(_own(request, public_id), by=request.user, at=database_now())
    return render(request, "prescriptions/sheet.html", _seen(row))


def _own(request: HttpRequest, public_id: UUID) -> Prescription:
    return get_object_or_404(selectors.visible_to(request.user), public_id=public_id)


def _seen(row: Prescription) -> dict[str, Any]:
    at = database_now()
    return {
        "prescription": row,
        "delivery": getattr(row, "delivery", None),
        "dispensing": getattr(row, "dispensing", None),
        "lines": list(row.lines.all()),
        "days": max((line.days for line in row.lines.all()), default=0),
        "steps": journey.steps_of(row),
        "timeline": journey.timeline_of(row),
        "is_authentic": row.signed_at is not None
        and selectors.is_authentic(row, reviewed=row.state in (State.APPROVED, State.DISPENSED)),
        "is_payable": row.state == State.APPROVED
        and journey.is_unpaid(row)
        and row.valid_until is not None
        and row.valid_until >= local_date(at),
        "open_charge": row.charge if row.charge and row.charge.state == "open" else None,
        "check_code": row.digest[:8].upper(),
    }
