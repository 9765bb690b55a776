"""Staff sign in: password and second factor, always both."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from hospital.accounts import forms, passkeys, services
from hospital.accounts.devices import device_of
from hospital.accounts.pages.entering import enter, form_page
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused


@door("account.sign-in")
@require_http_methods(["GET", "POST"])
def staff_sign_in(request: HttpRequest) -> HttpResponse:
    """The second factor is a dynamic code, or a passkey where this address can have one."""
    if request.user.is_authenticated:
        return redirect("home:first")
    site = passkeys.site_of(request)
    form = forms.StaffForm(request.POST or None)
    if form.is_valid():
        try:
            user = services.staff_by_password(
                **form.cleaned_data, device=device_of(request), site=site, at=database_now()
            )
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            return enter(request, user, method="totp" if form.cleaned_data["otp"] else "passkey")
    return form_page(request, "accounts/staff_sign_in.html", form, has_passkeys=site is not None)
