"""Patients sign in: first the phone, then the code that was texted to it; sometimes a question."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from hospital.accounts import codes, forms, passkeys, recollection, services
from hospital.accounts.devices import device_of, remember
from hospital.accounts.models import Code, Recall
from hospital.accounts.pages.entering import enter, form_page, next_of
from hospital.kernel import normalise
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

_CODE, _RECALL = "code", "recall"  # the session's keys for what was asked for


@door("account.sign-in")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Patients: first the phone."""
    if request.user.is_authenticated:
        return redirect("home:first")
    form = forms.PhoneForm(request.POST or None)
    if form.is_valid():
        try:
            return _text(request, form.cleaned_data["phone"])
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error("phone", refusal.message)
    has_passkeys = passkeys.site_of(request) is not None
    return form_page(request, "accounts/sign_in.html", form, has_passkeys=has_passkeys)


@door("account.sign-in")
@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Patients who have added one: the passkey alone."""
    form, site = forms.PhoneForm(), passkeys.site_of(request)
    if site is None:
        return redirect("accounts:sign-in")
    try:
        answer = request.POST.get("passkey", "")
        user = services.patient_by_passkey(answer, site=site, at=database_now())
    except Refused as refusal:
        keep_evidence(refusal)
        extra = {"has_passkeys": True, "refusal": refusal}
        return form_page(request, "accounts/sign_in.html", form, **extra)
    return enter(request, user, method="passkey")


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
            found = services.patient_by_code(
                asked.public_id,
                form.cleaned_data["code"],
                device=device_of(request),
                at=database_now(),
            )
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error("code", refusal.message)
        else:
            if isinstance(found, Recall):
                request.session[_RECALL] = str(found.public_id)
                return redirect(f"/sign-in/recall/?next={next_of(request)}")
            return enter(request, found, method="sms")
    extra = {"masked_phone": normalise.masked_phone(asked.phone), "minutes": settings.CODE_MINUTES}
    return form_page(request, "accounts/code.html", form, **extra)


@door("account.sign-in")
@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    if asked is None:
        return redirect("accounts:sign-in")
    return _text(request, str(asked.phone))


@door("account.sign-in")
@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest) -> HttpResponse:
    """Patients, where the number may have changed hands: what only they know."""
    asked = request.session.get(_RECALL)
    if asked is None:
        return redirect("accounts:sign-in")
    form = recollection.question().form(request.POST or None)
    if form.is_valid():
        try:
            mark = device_of(request)
            user = services.recall(UUID(asked), form.cleaned_data, device=mark, at=database_now())
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            return enter(request, user, method="sms")
    return form_page(request, "accounts/recall.html", form)


@door("account.sign-in")
@require_POST
def afresh(request: HttpRequest) -> HttpResponse:
    """“This is not me”: a new account for the number."""
    asked = request.session.get(_RECALL)
    if asked is None:
        return redirect("accounts:sign-in")
    user = services.start_afresh(UUID(asked), device=device_of(request), at=database_now())
    return enter(request, user, method="sms")


def _text(request: HttpRequest, phone: str) -> HttpResponse:
    """Send the code and go where it is typed. The browser is known by its mark from now on."""
    mark = device_of(request)
    code = codes.ask(phone, purpose="sign-in", device=mark, at=database_now())
    request.session[_CODE] = str(code.public_id)
    response = redirect(f"/sign-in/code/?next={next_of(request)}")
    remember(response, mark)
    return response


def _asked(request: HttpRequest) -> Code | None:
    """The code that was asked for in this session."""
    return Code.objects.filter(public_id=request.session.get(_CODE, UUID(int=0))).first()
