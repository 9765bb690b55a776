"""What people and programs see when a request cannot be answered.

Programs get `{"code", "message", "facts"}`. The pages for 500 and 503 touch neither the database
nor the session, because those may be what is broken.
"""

import logging
import sys
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from hospital.kernel.answers import wants_json
from hospital.web.context import house

OUTSIDE: Final = (OperationalError, InterfaceError, RedisError)
RETRY_AFTER: Final = "30"  # seconds
log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, "malformed", _("请求的格式不对，请检查。"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, "not-allowed", _("您的账号没有这项权限。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, "not-found", _("没有找到。可能已经删除，或不属于您。"))


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from elsewhere."""
    log.info("csrf: %s", reason)
    return _page(request, 403, "csrf", _("页面打开太久了。请回到上一页刷新，再提交一次。"))


def broken(request: HttpRequest) -> HttpResponse:
    """Our own fault, or that of something we need: then the page says what still works."""
    if isinstance(sys.exc_info()[1], OUTSIDE):
        return unavailable(request)
    return _bare(request, 500, "broken", _("出了点问题，我们已经记下来了。请稍后再试。"))


def unavailable(request: HttpRequest) -> HttpResponse:
    response = _bare(request, 503, "unavailable", _("医院系统暂时没有回应，请稍后再试。"))
    response["Retry-After"] = RETRY_AFTER
    return response


def _page(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    if not hasattr(request, "user"):  # refused before anybody asked who it is: a foreign Host
        return _bare(request, status, code, message)
    if wants_json(request):
        return _json(status, code, message)
    return render(request, "web/error.html", {"message": message, "status": status}, status=status)


def _bare(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    if wants_json(request):
        return _json(status, code, message)
    facts = house() | {"message": message, "status": status, "size": request.COOKIES.get("size")}
    return HttpResponse(render_to_string("web/broken.html", facts), status=status)


def _json(status: int, code: str, message: str) -> JsonResponse:
    body = {"code": code, "message": message, "facts": {}}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
