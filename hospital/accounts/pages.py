"""Sign-in, sign-out and one's own sessions, as pages."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hospital.accounts import codes, forms, selectors, services
from hospital.accounts.devices import device_of, remember
from hospital.accounts.models import Code, User
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
            return redirect(f"/sign-in/code/?next={_next(request)}")
    return _form(request, "accounts/sign_in.html", form)


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
            return _enter(request, user)
    extra = {"masked_phone": normalise.masked_phone(asked.phone), "minutes": settings.CODE_MINUTES}
    return _form(request, "accounts/code.html", form, **extra)


@door("account.sign-in")
@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    if asked is None:
        return redirect("accounts:sign-in")
    request.session[_CODE] = str(
        codes.ask(asked.phone, purpose="sign-in", at=database_now()).public_id
    )
    return redirect(f"/sign-in/code/?next={_next(request)}")


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
            return _enter(request, user)
    return _form(request, "accounts/staff_sign_in.html", form)


@door("account.sign-out")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    services.sign_out(request, at=database_now())
    response = redirect("home:first")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@door("account.sittings")
@require_GET
def sittings(request: HttpRequest) -> HttpResponse:
    """Where I am signed in."""
    rows = list(selectors.sittings_of(request.user))  # type: ignore[arg-type]
    for row in rows:
        row.is_this = row.pk == request.session.digest  # type: ignore[attr-defined]
    return render(request, "accounts/sittings.html", {"sittings": rows})


@door("account.sittings")
@require_POST
def sitting_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    sitting = get_object_or_404(selectors.sittings_of(user), public_id=public_id)
    services.end_sitting(sitting, by=user, at=database_now())
    return redirect("accounts:sittings")


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
            return redirect(_next(request))
    return _form(request, "accounts/verify.html", form)


def _asked(request: HttpRequest) -> Code | None:
    """The code that was asked for in this session."""
    return Code.objects.filter(public_id=request.session.get(_CODE, UUID(int=0))).first()


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    mark = device_of(request)
    services.open_sitting(request, user, device=mark, at=database_now())
    response = redirect(_next(request))
    remember(response, mark)
    return response


def _form(request: HttpRequest, template: str, form: object, **extra: object) -> HttpResponse:
    wrong = request.method == "POST"
    context = {"form": form, "next": _next(request), **extra}
    return render(request, template, context, status=422 if wrong else 200)


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: a path of ours, or the first page."""
    wish = request.POST.get("next") or request.GET.get("next") or "/"
    ours = wish.startswith("/") and url_has_allowed_host_and_scheme(wish, allowed_hosts=None)
    return wish if ours else "/"
