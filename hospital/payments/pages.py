"""Pay, wait until it is confirmed, look back at what was paid and given back."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.gate import client_address
from hospital.kernel.paging import page_of
from hospital.kernel.refusals import Refused
from hospital.payments import hooks, selectors, services
from hospital.payments.models import Charge

_TO_THE_CASHIER: Final = {"form-action": settings.WECHATPAY_CASHIERS}  # where the form leads on


@door("charge.pay")
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, public_id: UUID) -> HttpResponse:
    charge = _own(request, public_id)
    refusal = None
    if request.method == "POST":
        try:
            at, ip = database_now(), client_address(request)
            return redirect(services.pay(charge, by=request.user, at=at, ip=ip))
        except Refused as refused:
            keep_evidence(refused)
            refusal, charge = refused, _own(request, public_id)
    seen, status = _seen(charge, refusal=refusal), refusal.status if refusal else 200
    response = render(request, "payments/pay.html", seen, status=status)
    response._csp_update = _TO_THE_CASHIER  # type: ignore[attr-defined]
    return response


@door("charge.pay")
@require_GET
def state(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the page asks again and again: nothing new (204, nothing moves), or how it ended."""
    seen = _seen(_own(request, public_id))
    if seen["stage"] == "waiting":
        return HttpResponse(status=204)
    return render(request, "payments/_pay.html", seen)


@door("charge.pay")
@require_POST
def check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """For whoever paid and does not want to wait: ask the gateway now."""
    charge = _own(request, public_id)
    try:
        services.query(charge.pk, at=database_now())
    except Refused as refused:
        keep_evidence(refused)
        messages.warning(request, refused.message)
    return redirect("payments:pay", public_id)


@door("charge.pay")
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    page = page_of(
        selectors.visible_to(request.user), by="opened_at", cursor=request.GET.get("after")
    )
    template = "payments/_orders.html" if request.htmx else "payments/orders.html"  # type: ignore[attr-defined]
    return render(request, template, {"page": page})


@door("charge.pay")
@require_GET
def order(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return render(request, "payments/order.html", _seen(_own(request, public_id)))


def _own(request: HttpRequest, public_id: UUID) -> Charge:
    return get_object_or_404(selectors.visible_to(request.user), public_id=public_id)


def _seen(charge: Charge, *, refusal: Refused | None = None) -> dict[str, Any]:
    at = database_now()
    return {
        "charge": charge,
        "words": hooks.of(charge.kind).words(charge),
        "stage": selectors.stage_of(charge, at),
        "is_payable": charge.expires_at > at,
        "refusal": refusal,
    }
