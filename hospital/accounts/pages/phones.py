"""Another phone for the same account: which one, then the codes that came to both."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospital.accounts import forms, recollection, services
from hospital.accounts.models import User
from hospital.kernel import normalise
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

_ASKED = "phone"  # the session's key: the codes under way, and for which number


@door("account.phone")
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """Which number it shall be."""
    user = request.user
    assert isinstance(user, User)
    form = forms.NewPhoneForm(request.POST or None)
    if form.is_valid():
        try:
            given = form.cleaned_data
            asked = services.ask_phone(user, at=database_now(), **given)
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error("phone", refusal.message)
        else:
            request.session[_ASKED] = {
                "new": str(asked.new.public_id),
                "old": str(asked.old.public_id) if asked.old else None,
                "phone": normalise.masked_phone(given["phone"]),
            }
            return redirect("accounts:phone-codes")
    return _page(request, "accounts/phone.html", form=form, masked_phone=_masked(user))


@door("account.phone")
@require_http_methods(["GET", "POST"])
def phone_codes(request: HttpRequest) -> HttpResponse:
    """The code of the new number, and of the old one or what the record knows."""
    user, asked = request.user, request.session.get(_ASKED)
    assert isinstance(user, User)
    if asked is None:
        return redirect("accounts:phone")
    given = request.POST or None
    new = forms.CodeForm(given, prefix="new")
    old = (
        forms.CodeForm(given, prefix="old") if asked["old"] else recollection.question().form(given)
    )
    if new.is_valid() and old.is_valid():
        try:
            services.change_phone(
                user,
                new=UUID(asked["new"]),
                new_digits=new.cleaned_data["code"],
                old=UUID(asked["old"]) if asked["old"] else None,
                old_digits=old.cleaned_data.get("code", ""),
                answers=old.cleaned_data,
                at=database_now(),
            )
        except Refused as refusal:
            keep_evidence(refusal)
            old.add_error(None, refusal.message)
        else:
            del request.session[_ASKED]
            messages.success(request, _("手机号已更换，其他设备已退出。"))
            return redirect("accounts:sittings")
    return _page(
        request,
        "accounts/phone_codes.html",
        new=new,
        old=old,
        is_lost=asked["old"] is None,
        masked_new=asked["phone"],
        masked_phone=_masked(user),
    )


def _page(request: HttpRequest, template: str, **shown: object) -> HttpResponse:
    shown["minutes"] = settings.CODE_MINUTES
    return render(request, template, shown, status=422 if request.method == "POST" else 200)


def _masked(user: User) -> str:
    return normalise.masked_phone(user.phone or "")
