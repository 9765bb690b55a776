"""The one gate of every HTTP door: who is asking, may they pass, and what to say if not."""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.utils.translation import gettext as _

from hospital.kernel import access, context
from hospital.kernel.answers import keep_evidence, refusal_response, wants_json
from hospital.kernel.refusals import Missing, NotAllowed, Refused


class Gate:
    """Middleware. Opens the request context, asks the access table, answers refusals."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        opened = context.RequestContext(request_id=secrets.token_hex(8), ip=client_address(request))
        with context.entering(opened):
            response = self.get_response(request)
            if response.status_code == 404:
                self._note_missing(request)
        response.headers.setdefault("X-Request-Id", opened.request_id)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        entry = access.entry_of(view, request.method or "GET")
        if entry is None:
            if declared := access.methods_of(view):
                return HttpResponseNotAllowed(declared)
            raise Http404
        role = access.backend().admits(request.user, entry)
        match = request.resolver_match
        context.amend(
            door=f"{request.method} {match.route if match else ''}",
            access=entry,
            role=role or "",
            user=getattr(request.user, "public_id", None),
            session=getattr(request.session, "digest", ""),
        )
        if role is None:
            return self._turn_away(request)
        session = context.current().session
        if (first := access.backend().hurdle(request.user, session, entry)) is not None:
            return refusal_response(request, first)
        request.gate = entry  # type: ignore[attr-defined]
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refusal_response(request, error) if isinstance(error, Refused) else None

    def _note_missing(self, request: HttpRequest) -> None:
        """Somebody signed in has asked for an object that is missing, or not theirs to see."""
        match = request.resolver_match
        if match and match.kwargs and request.user.is_authenticated:
            keep_evidence(Missing(_("没有找到。可能已经删除，或不属于您。")))

    def _turn_away(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            return refusal_response(request, NotAllowed(_("您的账号没有这项权限。")))
        refusal = NotAllowed(_("请先登录。"), code="sign-in")
        refusal.status = 401
        if wants_json(request):
            return refusal_response(request, refusal)
        keep_evidence(refusal)
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def client_address(request: HttpRequest) -> str:
    """The caller's address; forwarded headers count only as far as our own proxies wrote them."""
    hops = settings.TRUSTED_PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hops else []
    if len(forwarded) >= hops > 0:
        return str(forwarded[-hops].strip())
    return str(request.META.get("REMOTE_ADDR", ""))
