"""Prove oneself again before something that weighs much, then go on where one was."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from hospital.accounts import forms, passkeys, services
from hospital.accounts.models import Passkey, User
from hospital.accounts.pages.entering import form_page, next_of
from hospital.kernel import normalise
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

_CODE = "step-up"  # the session's key for the code that was asked for


@door("account.verify")
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Staff by a dynamic code, patients by one that is texted to their phone; or by a passkey."""
    user = request.user
    assert isinstance(user, User)
    asked, answer = request.session.get(_CODE), request.POST.get("passkey", "")
    form = _form(user, request)
    try:
        if answer and (site := passkeys.site_of(request)) is not None:
            services.verify_by_passkey(user, answer, site=site, at=database_now())
            return redirect(next_of(request))
        if form.is_valid():
            _verify(user, form.cleaned_data, asked)
            request.session.pop(_CODE, None)
            return redirect(next_of(request))
    except Refused as refusal:
        keep_evidence(refusal)
        form.add_error(None, refusal.message)
    return form_page(request, "accounts/verify.html", form, **_shown(user, request))


@door("account.verify")
@require_POST
def verify_code(request: HttpRequest) -> HttpResponse:
    """Patients: have a code texted to one's own phone."""
    user = request.user
    assert isinstance(user, User)
    request.session[_CODE] = str(services.ask_code(user, at=database_now()).public_id)
    return redirect(f"/me/verify/?next={next_of(request)}")


def _form(user: User, request: HttpRequest) -> forms.VerifyForm | forms.CodeForm:
    """Filled only by who sent it: what a passkey has signed is no dynamic code."""
    data = request.POST if request.method == "POST" and not request.POST.get("passkey") else None
    return forms.VerifyForm(data) if user.has_password else forms.CodeForm(data)


def _verify(user: User, given: dict[str, str], asked: str | None) -> None:
    at = database_now()
    if user.has_password:
        services.verify(user, given["otp"], at=at)
    else:
        services.verify_by_code(user, UUID(asked or str(UUID(int=0))), given["code"], at=at)


def _shown(user: User, request: HttpRequest) -> dict[str, object]:
    has_site = passkeys.site_of(request) is not None
    return {
        "by_phone": not user.has_password,
        "asked": _CODE in request.session,
        "masked_phone": normalise.masked_phone(user.phone) if user.phone else "",
        "has_passkeys": has_site and Passkey.objects.filter(user=user).exists(),
    }
