"""How clinicians set up their work (settings) and see under which licence they practise."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from doctors import selectors, services
from doctors.forms import CredentialForm, ServiceForm
from doctors.models import Clinician, Service
from hospital.accounts.models import User
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now, local_date
from hospital.kernel.refusals import Refused


@door("doctor.settings")
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """The 接诊中 switch, and each service with its price and quota."""
    return _settings(request, selectors.clinician_of(_user(request)), {})


@door("doctor.settings")
@require_POST
def receiving(request: HttpRequest) -> HttpResponse:
    """Turn the switch; answers with the switch alone where only that is wanted."""
    clinician = services.set_receiving(
        _clinician(request),
        is_receiving=request.POST.get("is_receiving") == "on",
        by=_user(request),
        at=database_now(),
    )
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "doctors/_receiving.html", {"clinician": clinician})
    return redirect(_next(request) or "doctors:settings")


@door("doctor.settings")
@require_POST
def service(request: HttpRequest, kind: str) -> HttpResponse:
    """Save one service."""
    if kind not in Service.Kind.values:
        raise Http404
    clinician = _clinician(request)
    form = ServiceForm(request.POST, prefix=kind)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.set_service(
                clinician,
                kind,
                price_fen=given["price"],
                daily_quota=given["daily_quota"],
                is_on=given["is_on"],
                by=_user(request),
                at=database_now(),
            )
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            return redirect("doctors:settings")
    return _settings(request, clinician, {kind: form}, status=422)


@door("doctor.account")
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """The licence in force, and those handed in before and after it."""
    user, today = _user(request), local_date(database_now())
    credentials = list(selectors.credentials_visible_to(user).filter(clinician__user=user))
    in_force = next((c for c in credentials if c.is_in_force(today)), None)
    context = {
        "clinician": selectors.clinician_of(user),
        "in_force": in_force,
        "others": [c for c in credentials if c is not in_force],
        "is_waiting": any(c.state == "submitted" for c in credentials),
        "days_left": (in_force.valid_until - today).days if in_force else None,
    }
    return render(request, "doctors/account.html", context)


@door("doctor.account")
@require_http_methods(["GET", "POST"])
def credential(request: HttpRequest) -> HttpResponse:
    """Hand in a licence for approval."""
    clinician = _clinician(request)
    form = CredentialForm.for_(clinician, request.POST or None)
    if form.is_valid():
        try:
            services.submit_credential(
                clinician, **form.cleaned_data, by=_user(request), at=database_now()
            )
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(_FIELDS.get(refusal.code), refusal.message)
        else:
            return redirect("doctors:account")
    status = 422 if request.method == "POST" else 200
    return render(request, "doctors/credential.html", {"form": form}, status=status)


_FIELDS = {
    "qualification-malformed": "qualification_no",
    "qualification-of-another": "qualification_no",
    "id-number-checksum": "qualification_no",
    "id-number-birth-date": "qualification_no",
    "practice-malformed": "practice_no",
    "dates": "valid_until",
}


def _settings(
    request: HttpRequest,
    clinician: Clinician | None,
    tried: dict[str, ServiceForm],
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"clinician": clinician}
    if clinician is not None:
        offered = {each.kind: each for each in clinician.services.all()}
        context["in_force"] = clinician in selectors.practising(local_date(database_now()))
        context["services"] = [
            (
                kind,
                offered.get(kind),
                tried.get(kind)
                or ServiceForm(initial=ServiceForm.of(offered.get(kind)), prefix=kind),
            )
            for kind in Service.Kind
        ]
    return render(request, "doctors/settings.html", context, status=status)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _clinician(request: HttpRequest) -> Clinician:
    clinician = selectors.clinician_of(_user(request))
    if clinician is None:
        raise Http404
    return clinician


def _next(request: HttpRequest) -> str | None:
    wish = request.POST.get("next", "")
    ours = wish.startswith("/") and url_has_allowed_host_and_scheme(wish, allowed_hosts=None)
    return wish if ours else None
