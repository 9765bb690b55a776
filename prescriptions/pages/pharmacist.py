"""The pharmacist's table: review (H1), then dispensing and delivery (H3)."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused
from patients import services as patients
from prescriptions import selectors, services
from prescriptions.lifecycle import State
from prescriptions.models import Prescription

QUEUE: Final = 50
_GRAVITY: Final = {"block": "danger", "reason": "warn", "info": "info"}
_STEPS: Final[Mapping[str, Callable[..., Prescription]]] = {
    "approve": services.approve,
    "return": services.send_back,
    "reject": services.reject,
}


@door("prescription.review")
@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """Straight to the first that waits; where none does, say so."""
    first = selectors.awaiting_review(request.user).first()
    if first is not None:
        return redirect("prescriptions:review", first.public_id)
    return render(request, "prescriptions/review.html", {"queue": [], **_figures(request)})


@door({"GET": "prescription.review", "POST": "prescription.decide"})
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, public_id: UUID) -> HttpResponse:
    prescription = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
    if request.method == "GET":
        return _table(request, prescription)
    step = request.POST.get("step", "")
    note = request.POST.get("note", "")[:500]
    if step not in _STEPS:
        return _table(request, prescription)
    try:
        _STEPS[step](prescription, note=note, by=request.user, at=database_now())
    except Refused as refusal:
        keep_evidence(refusal)
        fresh = selectors.visible_to(request.user).get(pk=prescription.pk)
        return _table(request, fresh, refusal=refusal, note=note)
    messages.success(request, _done(step, prescription))
    return redirect("prescriptions:reviews")


def _done(step: str, prescription: Prescription) -> str:
    said = {
        "approve": _("%(number)s 已审核通过"),
        "return": _("%(number)s 已退回，医生会收到通知"),
        "reject": _("%(number)s 已拒绝，医生和患者会收到通知"),
    }
    return said[step] % {"number": prescription.number}


def _table(
    request: HttpRequest,
    prescription: Prescription,
    *,
    refusal: Refused | None = None,
    note: str = "",
) -> HttpResponse:
    context = {
        "prescription": prescription,
        "queue": _queue(request),
        "refusal": refusal,
        "note": note,
        "record": _record(request, prescription),
        "waited": database_now() - prescription.signed_at if prescription.signed_at else None,
        "is_open": prescription.state == State.SIGNED,
        **_figures(request),
        **_findings(prescription),
    }
    status = refusal.status if refusal else 200
    return render(request, "prescriptions/review.html", context, status=status)


def _record(request: HttpRequest, prescription: Prescription) -> Any:
    """The patient's record, opened for this review and recorded as read."""
    return patients.open_record(
        prescription.patient,
        by=user_of(request),
        at=database_now(),
        why="review",
        stream=prescription.consultation.public_id,
    )


def _findings(prescription: Prescription) -> dict[str, Any]:
    """What the rules said when it was signed, at the lines they mean."""
    decision = prescription.decision
    found = json.loads(decision.findings) if decision else []
    lines = list(prescription.lines.all())
    for number, line in enumerate(lines):
        line.findings = [each for each in found if each["line"] == number]  # type: ignore[attr-defined]
    grave = [each for each in found if each["severity"] != "info"]
    general = [each for each in found if each["line"] is None]
    return {"lines": lines, "general": general, "grave": grave, "found": found}


def _queue(request: HttpRequest) -> list[Prescription]:
    rows = list(selectors.awaiting_review(request.user)[:QUEUE])
    for row in rows:
        found = json.loads(row.decision.findings) if row.decision else []
        seen = {each["severity"] for each in found}
        row.gravity = next((_GRAVITY[s] for s in _GRAVITY if s in seen), "ok")  # type: ignore[attr-defined]
    if request.GET.get("by") == "risk":
        order = ("danger", "warn", "info", "ok")
        rows.sort(key=lambda row: order.index(row.gravity))  # type: ignore[attr-defined]
    return rows


def _figures(request: HttpRequest) -> dict[str, Any]:
    return {"reviewed": selectors.reviewed_today(request.user, database_now())}


@door("prescription.dispense")
@require_GET
def dispensary(request: HttpRequest) -> HttpResponse:
    """What is paid and waits to be packed, and what is packed and waits for the courier."""
    rows = list(selectors.to_dispense()[:QUEUE])
    return render(request, "prescriptions/dispensary.html", {"rows": rows})


@door("prescription.dispense")
@require_http_methods(["GET", "POST"])
def dispense(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One step at a time: dispense, then hand to the courier, or over the counter."""
    rows = selectors.visible_to(request.user).filter(delivery__isnull=False)
    prescription = get_object_or_404(rows, public_id=public_id)
    if request.method == "GET":
        services.look(prescription, by=request.user, at=database_now())
        return _handing_out(request, prescription)
    try:
        said = _hand_on(request, prescription)
    except Refused as refusal:
        keep_evidence(refusal)
        return _handing_out(request, rows.get(pk=prescription.pk), refusal)
    messages.success(request, said)
    return redirect("prescriptions:dispense", public_id)


def _handing_out(
    request: HttpRequest, prescription: Prescription, refusal: Refused | None = None
) -> HttpResponse:
    """With what is to be compared before anything leaves the counter (处方管理办法 第三十七条)."""
    context = {"prescription": prescription, "refusal": refusal}
    status = refusal.status if refusal else 200
    return render(request, "prescriptions/dispense.html", context, status=status)


def _hand_on(request: HttpRequest, prescription: Prescription) -> str:
    by, at = request.user, database_now()
    match request.POST.get("step"):
        case "dispense":
            batches = [
                {
                    "drug": str(line.drug.public_id),
                    "batch": request.POST.get(f"batch-{line.pk}", "")[:32],
                }
                for line in prescription.lines.all()
            ]
            services.dispense(
                prescription, by=by, at=at, batches=[b for b in batches if b["batch"]]
            )
            return _("已发药，库存已扣减")
        case "ship":
            services.ship(prescription.delivery, by=by, at=at)
            return _("已交给快递")
        case "hand-over":
            services.receive(prescription, by=by, at=at)
            return _("已在窗口交给患者")
    raise Refused(_("没有这一步。"), code="step-unknown")
