"""外院病历 for patients: what was handed in and what came of it; hand in another."""

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
from patients import colleagues, selectors, services
from patients.forms import PaperForm
from patients.pages.asking import own_link

_FIELDS = {
    "evidence-kind": "kind",
    "department-unknown": "department",
    "pages-count": "pages",
    "image-malformed": "pages",
    "pdf-malformed": "pages",
    "file-too-large": "pages",
    "files-too-large": "pages",
    "quota": "pages",
}


@door("evidence.submit")
@require_GET
def papers(request: HttpRequest, public_id: UUID) -> HttpResponse:
    patient = own_link(request, public_id).patient
    rows = selectors.papers_of(patient).prefetch_related("pages__file")
    page = page_of(rows, by="at", cursor=request.GET.get("after"))
    seen = {
        "patient": patient,
        "page": page,
        "departments": dict(colleagues.directory().departments()),
    }
    template = "patients/_papers.html" if request.htmx else "patients/papers.html"  # type: ignore[attr-defined]
    return render(request, template, seen)


@door("evidence.submit")
@require_http_methods(["GET", "POST"])
def paper_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`?department=` names where one came from; a refusal keeps what was chosen, but the files."""
    patient = own_link(request, public_id).patient
    asked: tuple[Any, ...] = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PaperForm(
        *asked,
        departments=colleagues.directory().departments(),
        initial={"department": request.GET.get("department", "")},
    )
    if form.is_valid():
        told = form.cleaned_data
        told["uploads"] = told.pop("pages")
        try:
            services.submit_evidence(patient, by=user_of(request), at=database_now(), **told)
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(_FIELDS.get(refusal.code), refusal.message)
        else:
            messages.success(request, _("已交给科室审核，有结果马上通知您。"))
            return redirect("patients:papers", public_id)
    seen = {"patient": patient, "form": form}
    return render(request, "patients/paper_new.html", seen, status=422 if form.errors else 200)


@door("evidence.submit")
@require_POST
def withdraw_paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    paper = get_object_or_404(selectors.own_papers(request.user), public_id=public_id)
    services.withdraw_evidence(paper, by=user_of(request), at=database_now())
    messages.success(request, _("已撤回。"))
    return redirect("patients:papers", paper.patient.public_id)
