"""我的资料: a copy of everything, corrections, what is sealed; and leaving."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hospital.files import parcels
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.normalise import whole
from hospital.kernel.refusals import Refused
from patients import closing, exporting, retention, selectors, services
from patients.forms.rights import CorrectionForm, LeavingForm
from patients.models import LegalHold

FEW: Final = 20
LINES: Final = 200  # of a sealed list on one page
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@door("patient.data")
@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """Everything one may ask about one's data, on one page."""
    user: Any = request.user
    return render(request, "patients/data.html", _shown(user, CorrectionForm(**_whom(user))))


@door("patient.data")
@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    """Ask for something to be put right."""
    user: Any = request.user
    form = CorrectionForm(request.POST, **_whom(user))
    if form.is_valid():
        patient = get_object_or_404(
            selectors.linked_to(user, speaking=True), public_id=form.cleaned_data["patient"]
        )
        what = form.cleaned_data["what"]
        try:
            services.ask_correction(patient, what=what, by=user, at=database_now())
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已提交，医务处会在 15 个工作日内答复。"))
            return redirect("patients:data")
    return render(request, "patients/data.html", _shown(user, form), status=422)


@door("patient.export")
@require_POST
def ask_export(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user: Any = request.user
    patient = get_object_or_404(selectors.copied_for(user), public_id=public_id)
    services.ask_export(patient, by=user, at=database_now())
    messages.success(request, _("正在准备，好了会发站内消息，一般几分钟。"))
    return redirect("patients:data")


@door("patient.export")
@require_GET
def download(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The archive, piece by piece, to the account that asked; to others there is none."""
    user: Any = request.user
    export = get_object_or_404(selectors.downloadable_by(user), public_id=public_id)
    foreign = request.headers.get("Sec-Fetch-Site") == "cross-site"
    if foreign or not parcels.exists(export.public_id):
        raise Http404
    pieces = services.open_export(export, by=user, at=database_now())
    response = StreamingHttpResponse(pieces, content_type="application/zip", headers=_HEADERS)
    name = f"record-{localtime(export.asked_at):%Y%m%d}.zip"
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    response["Content-Length"] = str(export.size)
    return response


@door("patient.data")
@require_GET
def seal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was sealed: how much of what, and each thing's digest."""
    hold = get_object_or_404(selectors.holds_of(request.user), public_id=public_id)
    after = whole(request.GET.get("after", "0"), low=0)
    lines = list(hold.list.filter(position__gt=after)[: LINES + 1])
    titles = {section.name: section.title for section in exporting.sections()}
    counts = hold.list.order_by().values_list("section").annotate(Count("pk"))
    seen = {
        "hold": hold,
        "lines": lines[:LINES],
        "next": lines[LINES - 1].position if len(lines) > LINES else None,
        "counts": [(titles.get(section, section), count) for section, count in counts],
    }
    return render(request, "patients/seal.html", seen)


@door("patient.data")
@require_GET
def seal_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The list to keep: the same digests, for whoever compares them later."""
    hold = get_object_or_404(selectors.holds_of(request.user), public_id=public_id)
    response = JsonResponse(_list(hold), json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="seal-{hold.public_id}.json"'
    return response


@door("account.close")
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """注销: what goes, what stays and why, what is still in the way; then once more, sure."""
    user: Any = request.user
    form = LeavingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.close_account(user, at=database_now())
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            logout(request)
            return render(request, "patients/closed.html")
    patients = list(selectors.linked_to(user))
    kept = [term for term in retention.terms() if term.name in _KEPT]
    seen = {"form": form, "blocks": closing.blocks_of(user, patients), "kept": kept}
    return render(request, "patients/close.html", seen, status=422 if form.errors else 200)


_KEPT: Final = (
    "patients.record",
    "prescriptions.record",
    "consultations.process",
    "payments.books",
    "audit.trail",
)


def _whom(user: Any) -> dict[str, Any]:
    return {"patients": selectors.linked_to(user, speaking=True)}


def _shown(user: Any, form: CorrectionForm) -> dict[str, Any]:
    copies = list(selectors.exports_of(user)[:FEW])
    alive = {each.patient_id for each in copies if each.state in {"asked", "ready"}}
    return {
        "form": form,
        "copied_for": [each for each in selectors.copied_for(user) if each.pk not in alive],
        "copies": copies,
        "corrections": list(selectors.corrections_of(user)[:FEW]),
        "holds": list(selectors.holds_of(user)[:FEW]),
    }


def _list(hold: LegalHold) -> dict[str, Any]:
    lines = hold.list.values_list("section", "item", "digest")
    return {
        "hold": str(hold.public_id),
        "patient": str(hold.patient.public_id),
        "visit": str(hold.stream) if hold.stream else None,
        "placed_at": hold.placed_at.isoformat(),
        "digest": hold.digest,
        "list": [{"section": s, "id": i, "digest": d} for s, i, d in lines],
    }
