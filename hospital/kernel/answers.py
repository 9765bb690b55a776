"""How a refusal is answered at every door, and how its evidence is kept.

Programs get `{"code", "message", "facts"}`; people a page (or a fragment, for htmx) with the
sentence and one way on. The refusal has undone its change; here it is witnessed in a transaction
of its own, before anyone is answered.
"""

from collections.abc import Callable
from functools import cache
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.module_loading import import_string

from hospital.kernel.refusals import Detour, Refused


@cache
def _witness() -> Callable[[Refused], None]:
    return import_string(settings.REFUSAL_WITNESS)  # type: ignore[no-any-return]


def keep_evidence(refusal: Refused) -> None:
    """Record the refusal and whatever it carries. A door calls this once, outside transactions."""
    with transaction.atomic():
        _witness()(refusal)
        if refusal.keep is not None:
            refusal.keep()


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or request.accepts("text/html") is False


def body_of(refusal: Refused) -> dict[str, object]:
    return {"code": refusal.code, "message": str(refusal.message), "facts": refusal.facts}


def refusal_response(request: HttpRequest, refusal: Refused) -> HttpResponse:
    keep_evidence(refusal)
    response: HttpResponse
    if isinstance(refusal, Detour) and not wants_json(request):
        return _led_to(request, refusal.page)
    if wants_json(request):
        response = JsonResponse(
            body_of(refusal), status=refusal.status, json_dumps_params={"ensure_ascii": False}
        )
    else:
        page = "web/_refusal.html" if request.headers.get("HX-Request") else "web/refusal.html"
        response = render(request, page, {"refusal": refusal}, status=refusal.status)
    if (seconds := refusal.facts.get("retry_after")) is not None:
        response["Retry-After"] = str(seconds)
    return response


def _led_to(request: HttpRequest, page: str) -> HttpResponse:
    """To `page`, which leads back to where the person stood: this page, or that of the form."""
    address = f"{page}?{urlencode({'next': _stood_on(request)})}"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204, headers={"HX-Redirect": address})
    else:
        response = HttpResponse(status=302, headers={"Location": address})
    response.led_away = True  # type: ignore[attr-defined]
    return response


def was_led_away(response: HttpResponse) -> bool:
    """Whether nothing was done yet, so that the same may be sent again afterwards."""
    return getattr(response, "led_away", False)


def _stood_on(request: HttpRequest) -> str:
    """A path of ours: what was asked for, or for a form or a fragment the page around it."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    around = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    parts = urlsplit(around)
    if parts.netloc != request.get_host():
        return "/"
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
