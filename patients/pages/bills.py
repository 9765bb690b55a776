"""在线缴费: what is to be paid, one bill, and the way to the till."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from hospital.his import selectors as his
from hospital.his.models import Bill
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.paging import page_of
from hospital.kernel.refusals import Refused
from patients import bills as reading
from patients import selectors, services
from patients.pages.choosing import chosen


@door("patient.bills")
@require_GET
def bills(request: HttpRequest) -> HttpResponse:
    """Those of one patient, oneself where nobody is named: what is to be paid, or what was."""
    patients = list(selectors.linked_to(request.user))
    patient = chosen(request, patients)
    mine = selectors.bills_visible_to(request.user)
    mine = mine.filter(person=patient.person) if patient and patient.person else mine.none()
    is_due = request.GET.get("show") != "paid"
    due = selectors.to_pay(mine)
    page = page_of(
        due if is_due else mine.exclude(pk__in=due.values("pk")),
        by="at",
        cursor=request.GET.get("after"),
    )
    for row in page.rows:
        row.stage = _stage(row)  # type: ignore[attr-defined]
    seen = {
        "patients": patients,
        "patient": patient,
        "page": page,
        "is_due": is_due,
        "as_of": his.as_of(patient.person) if patient and patient.person else None,
    }
    template = "patients/_bills.html" if request.htmx else "patients/bills.html"  # type: ignore[attr-defined]
    return render(request, template, seen)


@door("patient.bills")
@require_GET
def bill(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _shown(request, _own(request, public_id))


@door("patient.bills")
@require_POST
def pay(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask the hospital whether it is still to be paid, and go on to the till.

    Of a bill that was withdrawn meanwhile only the sentence is left to show.
    """
    found = _own(request, public_id)
    patient = selectors.patient_of_bill(request.user, found)
    try:
        charge = services.order_bill(found, patient, by=request.user, at=database_now())
    except Refused as refusal:
        still = _mine(request).filter(public_id=public_id).first()
        if still is None:
            raise
        keep_evidence(refusal)
        return _shown(request, still, refusal=refusal)
    return redirect("payments:pay", charge.public_id)


def _own(request: HttpRequest, public_id: UUID) -> Bill:
    return get_object_or_404(_mine(request), public_id=public_id)


def _mine(request: HttpRequest) -> QuerySet[Bill]:
    return selectors.bills_visible_to(request.user).select_related("person")


def _stage(bill: Bill) -> reading.Stage:
    living = bill.living  # type: ignore[attr-defined]
    return reading.stage(bill, living[0] if living else None)


def _shown(request: HttpRequest, bill: Bill, *, refusal: Refused | None = None) -> HttpResponse:
    living = bill.living  # type: ignore[attr-defined]
    seen = {
        "bill": bill,
        "patient": selectors.patient_of_bill(request.user, bill),
        "lines": reading.lines(bill),
        "payment": living[0] if living else None,
        "stage": _stage(bill),
        "as_of": his.as_of(bill.person),
        "refusal": refusal,
    }
    return render(request, "patients/bill.html", seen, status=refusal.status if refusal else 200)
