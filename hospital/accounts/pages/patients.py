"""Patients sign in: first the phone, then the code that was texted to it."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from hospital.accounts import codes, forms, services
from hospital.accounts.models import Code
from hospital.accounts.pages.entering import enter, form_page, next_of
from hospital.kernel import normalise
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

_CODE = "code"  # the session's key for the code that was asked for


@door("account.sign-in")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Patients: first the phone."""
    if request.user.is_authenticated:
        return redirect("home:first")
    form = forms.PhoneForm(request.POST or None)
    if form.is_valid():
        try:
            code = codes.ask(form.cleaned_data["phone"], purpose="sign-in", at=database_now())
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error("phone", refusal.message)
        else:
            request.session[_CODE] = str(code.public_id)
            return redirect(f"/sign-in/code/?next={next_of(request)}")
    return form_page(request, "accounts/sign_in.html", form)


@door("account.sign-in")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Patients: then the code that was texted to it."""
    asked = _asked(request)
    if asked is None:
        return redirect("accounts:sign-in")
    form = forms.CodeForm(request.POST or None)
    if form.is_valid():
        try:
            at = database_now()
            user = services.patient_by_code(asked.public_id, form.cleaned_data["code"], at=at)
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error("code", refusal.message)
        else:
            return enter(request, user, method="sms")
    extra = {"masked_phone": normalise.masked_phone(asked.phone), "minutes": settings.CODE_MINUTES}
    return form_page(request, "accounts/code.html", form, **extra)


@door("account.sign-in")
@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    if asked is None:
        return redirect("accounts:sign-in")
    request.session[_CODE] = str(
        codes.ask(asked.phone, purpose="sign-in", at=database_now()).public_id
    )
    return redirect(f"/sign-in/code/?next={next_of(request)}")


def _asked(request: HttpRequest) -> Code | None:
    """The code that was asked for in this session."""
    return Code.objects.filter(public_id=request.session.get(_CODE, UUID(int=0))).first()
