"""What the pages of signing in share."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hospital.accounts import services
from hospital.accounts.devices import device_of, remember
from hospital.accounts.models import User
from hospital.kernel.clock import database_now
from hospital.web.ways import way_on


def enter(request: HttpRequest, user: User, *, method: str) -> HttpResponse:
    mark = device_of(request)
    services.open_sitting(request, user, device=mark, at=database_now(), method=method)
    response = redirect(next_of(request))
    remember(response, mark)
    return response


def form_page(request: HttpRequest, template: str, form: object, **extra: object) -> HttpResponse:
    wrong = request.method == "POST"
    context = {"form": form, "next": next_of(request), **extra}
    return render(request, template, context, status=422 if wrong else 200)


def next_of(request: HttpRequest) -> str:
    """Where to go afterwards: a path of ours, or the first page."""
    return way_on(request) or "/"
