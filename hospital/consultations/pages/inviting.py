"""会诊: find a colleague, say why, and let the patient decide."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospital.accounts.asking import user_of
from hospital.consultations import selectors, services
from hospital.consultations.forms import InviteForm
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused
from patients import selectors as records
from patients.pages.sharing import searched


@door("share.consult")
@require_http_methods(["GET", "POST"])
def consult(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Also tells which colleagues were asked in this visit, and what the patient said."""
    found = get_object_or_404(selectors.attended_by(request.user), public_id=public_id)
    search = searched(request)
    me = user_of(request).public_id
    colleagues = [each for each in search["found"] if each.user != me]
    form = InviteForm(request.POST or None, found=colleagues)
    if form.is_valid():
        try:
            services.invite(found, **form.cleaned_data, by=request.user, at=database_now())
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已发给患者。患者同意以后，同事才能看到病历。"))
            return redirect("consultations:consult", public_id)
    asked = records.shares_of(found.patient).filter(stream=found.public_id)
    seen = {"consultation": found, "form": form, "asked": asked, **search, "found": colleagues}
    return render(request, "consultations/consult.html", seen, status=422 if form.errors else 200)
