"""Where the link of an invited person lands. The token comes in the body, never in an address."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospital.accounts import authenticators, forms, services
from hospital.accounts.models import Activation
from hospital.accounts.pages.entering import enter, form_page
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

_LINK = "activation"  # the session's key for the link that was opened
_FORMS = {
    Activation.OPEN: forms.OpenForm,
    Activation.PASSWORD: forms.OpenForm,
    Activation.FACTOR: forms.FactorForm,
}


@door("account.sign-in")
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """First the token: the page's script takes it from behind the `#`, or it is pasted."""
    form = forms.LinkForm(request.POST or None)
    if form.is_valid():
        try:
            found = services.activation_of(form.cleaned_data["token"], at=database_now())
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error("token", refusal.message)
        else:
            request.session[_LINK] = str(found.public_id)
            return redirect("accounts:activate-now")
    return form_page(request, "accounts/link.html", form)


@door("account.sign-in")
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    """Then what it sets: a password, an authenticator, or both; and in one goes."""
    found = _opened(request)
    if found is None:
        return redirect("accounts:activate")
    form = _FORMS[found.kind](request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            user = services.activate(
                found,
                at=database_now(),
                password=given.get("new", ""),
                old_password=given.get("old", ""),
                otp=given["otp"],
            )
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已开通。以后用账号、密码和动态码登录。"))
            return enter(request, user, method="totp")
    shown = authenticators.shown(found.user, str(found.secret)) if found.secret else {}
    return form_page(request, "accounts/activate.html", form, activation=found, **shown)


def _opened(request: HttpRequest) -> Activation | None:
    """The link that was opened in this session; it may have been used since."""
    asked = request.session.get(_LINK, str(UUID(int=0)))
    return Activation.objects.select_related("user").filter(public_id=asked, used_at=None).first()
