"""谁看过我的病历: the list, and a receipt for each line."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit import selectors as audit
from hospital.kernel.access import door
from hospital.kernel.normalise import whole
from hospital.kernel.refusals import Refused, WrongState
from patients import selectors
from patients.pages.asking import spoken_for
from patients.pages.sharing import to_first


@door("patient.reads")
@require_GET
def reads(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The hospital's people; with `?who=family` what oneself and the family looked at."""
    patient = spoken_for(request, public_id)
    family = request.GET.get("who") == "family"
    page = selectors.reads_of(patient, family=family, before=_before(request))
    seen = {
        "patient": patient,
        "patients": list(selectors.linked_to(request.user, speaking=True)),
        "family": family,
        "page": page,
    }
    template = "patients/_reads.html" if request.htmx else "patients/reads.html"  # type: ignore[attr-defined]
    return render(request, template, seen)


@door("patient.reads")
@require_GET
def my_reads(request: HttpRequest) -> HttpResponse:
    return to_first(request, "patients:reads")


@door("patient.reads")
@require_GET
def receipt(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    """The receipt of one line; while it is not sealed the page asks again."""
    patient, read = _read(request, public_id, number)
    made = audit.receipt(read.event)
    text = json.dumps(made, ensure_ascii=False, indent=1) if made else ""
    seen = {"patient": patient, "read": read, "text": text}
    template = "patients/_receipt.html" if request.htmx else "patients/receipt.html"  # type: ignore[attr-defined]
    return render(request, template, seen)


@door("patient.reads")
@require_GET
def receipt_file(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    """The same as a file to keep."""
    _whose, read = _read(request, public_id, number)
    made = audit.receipt(read.event)
    if made is None:
        raise WrongState(_("还没有封存，几秒后再试。"), code="not-sealed")
    answer = JsonResponse(made, json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"receipt-{read.at:%Y%m%d-%H%M%S}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _read(request: HttpRequest, public_id: UUID, number: int) -> tuple[Any, selectors.Read]:
    patient = spoken_for(request, public_id)
    read = selectors.read_of(patient, number)
    if read is None:
        raise Http404
    return patient, read


def _before(request: HttpRequest) -> int | None:
    told = request.GET.get("before")
    try:
        return whole(told, low=1) if told else None
    except Refused:
        raise Http404 from None
