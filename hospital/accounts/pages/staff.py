"""Staff sign in and prove themselves again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from hospital.accounts import forms, services
from hospital.accounts.devices import device_of
from hospital.accounts.pages.entering import enter, form_page, next_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused


@door("account.sign-in")
@require_http_methods(["GET", "POST"])
def staff_sign_in(request: HttpRequest) -> HttpResponse:
    """Staff: password and second factor, always both."""
    if request.user.is_authenticated:
        return redirect("home:first")
    form = forms.StaffForm(request.POST or None)
    if form.is_valid():
        try:
            user = services.staff_by_password(
                **form.cleaned_data, device=device_of(request), at=database_now()
            )
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            return enter(request, user, method="totp")
    return form_page(request, "accounts/staff_sign_in.html", form)


@door("account.verify")
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Staff: prove oneself again, then go on where one was."""
    form = forms.VerifyForm(request.POST or None)
    if form.is_valid():
        try:
            services.verify(request.user, form.cleaned_data["otp"], at=database_now())  # type: ignore[arg-type]
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error("otp", refusal.message)
        else:
            return redirect(next_of(request))
    return form_page(request, "accounts/verify.html", form)
