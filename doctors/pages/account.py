"""Under which licence clinicians practise, and how they hand in a new one."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from doctors import selectors, services
from doctors.forms import CredentialForm
from doctors.pages.asking import clinician_or_404, user_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

_FIELDS: Final = {  # refusal -> the field it is about
    "qualification-malformed": "qualification_no",
    "qualification-of-another": "qualification_no",
    "id-number-checksum": "qualification_no",
    "id-number-birth-date": "qualification_no",
    "practice-malformed": "practice_no",
    "dates": "valid_until",
}


@door("doctor.account")
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """The licence in force, and those handed in before and after it."""
    user, today = user_of(request), local_date(database_now())
    credentials = list(selectors.credentials_visible_to(user).filter(clinician__user=user))
    in_force = next((c for c in credentials if c.is_in_force(today)), None)
    context = {
        "clinician": selectors.posts_of(user).first(),
        "in_force": in_force,
        "others": [c for c in credentials if c is not in_force],
        "is_waiting": any(c.state == "submitted" for c in credentials),
        "days_left": (in_force.valid_until - today).days if in_force else None,
        "soon": selectors.EXPIRES_SOON,
    }
    return render(request, "doctors/account.html", context)


@door("doctor.account")
@require_http_methods(["GET", "POST"])
def credential(request: HttpRequest) -> HttpResponse:
    """Hand in a licence for approval."""
    clinician = clinician_or_404(request)
    form = CredentialForm.for_(clinician, request.POST or None)
    if form.is_valid():
        try:
            services.submit_credential(
                clinician, **form.cleaned_data, by=user_of(request), at=database_now()
            )
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(_FIELDS.get(refusal.code), refusal.message)
        else:
            messages.success(request, _("已提交，审核结果会在“消息”里告诉您。"))
            return redirect("doctors:account")
    status = 422 if request.method == "POST" else 200
    return render(request, "doctors/credential.html", {"form": form}, status=status)
