"""The few pages that belong to no room: size, language, the component gallery, robots.txt."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from hospital.kernel.access import door
from hospital.web import gallery as exhibits
from hospital.web import sizes

A_YEAR: Final = timedelta(days=365)
ROBOTS: Final = "User-agent: *\nAllow: /$\nDisallow: /\n"


@door("web.size")
@require_POST
def size(request: HttpRequest) -> HttpResponse:
    """Read in another size from now on, on this device and on this account."""
    chosen = request.POST.get("size", "")
    back = _back(request)
    if chosen in sizes.SIZES:
        _remember(back, sizes.COOKIE, chosen)
        if request.user.is_authenticated:
            sizes.keep(request.user, chosen)
    return back


@door("web.language")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    back = _back(request)
    if chosen in dict(settings.LANGUAGES):
        _remember(back, settings.LANGUAGE_COOKIE_NAME, chosen)
    return back


@door("web.gallery")
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for whoever builds pages."""
    shell = "web/doctor.html" if request.GET.get("shell") == "staff" else "web/patient.html"
    return render(request, "web/gallery.html", exhibits.everything() | {"shell": shell})


@door("web.robots")
@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page where the switch stood; only ever one of our own."""
    to = request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure())
    return redirect(to if ours else "/")


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=A_YEAR, samesite="Lax", secure=settings.PRODUCTION, httponly=True
    )
