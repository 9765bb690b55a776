"""Under which licence clinicians practise, and how they hand in a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from doctors import selectors, services
from doctors.forms import CredentialForm, PaperForm, PrivilegeForm
from doctors.lifecycle import PrivilegeState, State
from doctors.models import Clinician, Credential, Privilege
from doctors.pages.asking import clinician_or_404
from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

_FIELDS: Final = {  # refusal -> the field it is about
    "qualification-malformed": "qualification_no",
    "qualification-of-another": "qualification_no",
    "certificate-of-another": "qualification_no",
    "id-number-checksum": "qualification_no",
    "id-number-birth-date": "qualification_no",
    "id-number-malformed": "id_number",
    "id-number-of-another": "id_number",
    "practice-malformed": "practice_no",
    "subject-malformed": "subject_code",
    "dates": "valid_until",
    "filing-missing": "filing_no",
    "filing-malformed": "filing_no",
    "filing-dates": "filing_until",
    "consent-missing": "consented_on",
    "insurance-partial": "insurer",
    "insurance-dates": "insured_until",
    "privilege-tier": "tier",
}


@dataclass(frozen=True)
class _Post:
    """What somebody is shown about one of their posts."""

    clinician: Clinician
    in_force: Credential | None
    waiting: Credential | None
    others: Sequence[Credential]
    privileges: Sequence[Privilege]  # granted or suspended, and what waits
    past: Sequence[Privilege]
    days_left: int | None


@door("doctor.account")
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Each post with its licence, what is handed in, and what the hospital lets one do."""
    user, today = user_of(request), local_date(database_now())
    mine = selectors.credentials_visible_to(user).filter(clinician__user=user)
    credentials = list(mine.prefetch_related("papers__file"))
    privileges = list(selectors.privileges_visible_to(user).filter(clinician__user=user))
    posts = [
        _post(
            clinician,
            [each for each in credentials if each.clinician_id == clinician.pk],
            [each for each in privileges if each.clinician_id == clinician.pk],
            today,
        )
        for clinician in selectors.posts_of(user)
    ]
    context = {"posts": posts, "soon": selectors.EXPIRES_SOON, "paper_form": PaperForm()}
    return render(request, "doctors/account.html", context)


def _post(
    clinician: Clinician,
    credentials: Sequence[Credential],
    privileges: Sequence[Privilege],
    today: date,
) -> _Post:
    in_force = next((each for each in credentials if each.is_in_force(today)), None)
    waiting = next((each for each in credentials if each.state == State.SUBMITTED), None)
    live = {PrivilegeState.GRANTED, PrivilegeState.SUSPENDED, PrivilegeState.ASKED}
    return _Post(
        clinician=clinician,
        in_force=in_force,
        waiting=waiting,
        others=[each for each in credentials if each not in (in_force, waiting)],
        privileges=[each for each in privileges if each.state in live],
        past=[each for each in privileges if each.state not in live],
        days_left=(in_force.ends_on - today).days if in_force else None,
    )


@door("doctor.account")
@require_http_methods(["GET", "POST"])
def credential(request: HttpRequest, public_id: UUID | None = None) -> HttpResponse:
    """Hand in a licence for approval, for one of one's posts."""
    clinician = _own_post(request, public_id)
    form = CredentialForm.for_(clinician, request.POST or None)
    if form.is_valid():
        try:
            services.submit_credential(
                clinician, **form.given(), by=user_of(request), at=database_now()
            )
        except Refused as refusal:
            _show(refusal, form)
        else:
            messages.success(request, _("已提交。请把证书拍照上传，审核结果会在“消息”里告诉您。"))
            return redirect("doctors:account")
    status = 422 if request.method == "POST" else 200
    return render(request, "doctors/credential.html", {"form": form}, status=status)


@door("doctor.account")
@require_http_methods(["GET", "POST"])
def privilege(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for a privilege, for one of one's posts."""
    clinician = _own_post(request, public_id)
    form = PrivilegeForm.for_(clinician, request.POST or None)
    if form.is_valid():
        try:
            services.ask_privilege(
                clinician, **form.cleaned_data, by=user_of(request), at=database_now()
            )
        except Refused as refusal:
            _show(refusal, form)
        else:
            messages.success(request, _("已申请，决定会在“消息”里告诉您。"))
            return redirect("doctors:account")
    status = 422 if request.method == "POST" else 200
    return render(request, "doctors/privilege.html", {"form": form}, status=status)


@door("doctor.account")
@require_POST
def paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put a picture or a PDF beside one's own licence that waits."""
    credential = get_object_or_404(_own_credentials(request), public_id=public_id)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("请选择材料的种类和一个文件。"))
        return redirect("doctors:account")
    given = form.cleaned_data
    services.add_paper(
        credential, given["kind"], given["file"], by=user_of(request), at=database_now()
    )
    messages.success(request, _("材料已上传。"))
    return redirect("doctors:account")


@door("doctor.account")
@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take back a licence that waits."""
    credential = get_object_or_404(_own_credentials(request), public_id=public_id)
    services.withdraw(credential, by=user_of(request), at=database_now())
    messages.success(request, _("已撤回，可以改正后再提交。"))
    return redirect("doctors:account")


@door("doctor.account")
@require_POST
def withdraw_privilege(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take back what one asked for."""
    user = user_of(request)
    mine = selectors.privileges_visible_to(user).filter(clinician__user=user)
    asked = get_object_or_404(mine, public_id=public_id)
    services.withdraw_privilege(asked, by=user, at=database_now())
    messages.success(request, _("已撤回。"))
    return redirect("doctors:account")


def _own_credentials(request: HttpRequest) -> QuerySet[Credential]:
    user = user_of(request)
    return selectors.credentials_visible_to(user).filter(clinician__user=user)


def _own_post(request: HttpRequest, public_id: UUID | None) -> Clinician:
    """One's own post of this name; without a name the first."""
    if public_id is None:
        return clinician_or_404(request)
    return get_object_or_404(selectors.posts_of(user_of(request)), public_id=public_id)


def _show(refusal: Refused, form: Form) -> None:
    """The refusal at the field it is about, where the form has that field."""
    keep_evidence(refusal)
    field = _FIELDS.get(refusal.code)
    form.add_error(field if field in form.fields else None, refusal.message)
