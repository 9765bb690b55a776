"""What one signs in with: password, authenticator, passkeys."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hospital.accounts import authenticators, forms, passkeys, selectors, services
from hospital.accounts.models import User
from hospital.accounts.pages.entering import form_page, next_of
from hospital.kernel import context
from hospital.kernel.access import door, pass_again
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

CHANGE = "account.methods.change"


@door("account.methods")
@require_GET
def methods(request: HttpRequest) -> HttpResponse:
    return _methods(request, forms.PasskeyForm())


def _methods(request: HttpRequest, form: forms.PasskeyForm) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    shown = {
        "form": form,
        "passkeys": list(selectors.passkeys_of(user)),
        "has_site": passkeys.site_of(request) is not None,
        "has_app": selectors.has_app(user),
        "days": settings.PASSWORD_DAYS,
    }
    return render(request, "accounts/methods.html", shown, status=422 if form.is_bound else 200)


@door(CHANGE)
@require_POST
def passkey_add(request: HttpRequest) -> HttpResponse:
    user, form, site = request.user, forms.PasskeyForm(request.POST), passkeys.site_of(request)
    assert isinstance(user, User)
    if form.is_valid() and site is not None:
        given, at = form.cleaned_data, database_now()
        try:
            session = context.current().session
            services.add_passkey(
                user, given["credential"], name=given["name"], site=site, session=session, at=at
            )
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("通行密钥已添加，下次可以用它。"))
            return redirect("accounts:methods")
    return _methods(request, form)


@door(CHANGE)
@require_POST
def passkey_remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    passkey = get_object_or_404(selectors.passkeys_of(user), public_id=public_id)
    services.remove_passkey(passkey, by=user, at=database_now())
    messages.success(request, _("已删除，它不能再登录了。"))
    return redirect("accounts:methods")


@door("account.password")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password, by the old one and a fresh second factor."""
    form = forms.ChangePasswordForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.change_password(request, given["old"], given["new"], at=database_now())
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error("old" if refusal.code == "password-wrong" else "new", refusal.message)
        else:
            messages.success(request, _("密码已更换，其他设备已退出。"))
            return redirect(next_of(request))
    return form_page(request, "accounts/password.html", form, days=settings.PASSWORD_DAYS)


@door("account.enrol")
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """An authenticator app: scan, and show that it gives the right code."""
    user = request.user
    assert isinstance(user, User)
    if user.factor_set_at is not None:
        pass_again(request, CHANGE)
    form = forms.VerifyForm(request.POST or None)
    secret = authenticators.offered_to(user, context.current().session)
    if form.is_valid():
        try:
            services.enrol(user, secret, form.cleaned_data["otp"], at=database_now())
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error("otp", refusal.message)
        else:
            messages.success(request, _("认证器已绑定。"))
            return redirect(next_of(request))
    shown = authenticators.shown(user, secret)
    return form_page(request, "accounts/enrol.html", form, **shown)
