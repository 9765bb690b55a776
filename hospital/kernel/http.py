"""What every JSON door shares: shape in, shape out, one form of refusal.

A door translates and never decides. It reads with a strict serializer, calls one service, and
answers; `access` names its entry of the access table (one for all methods, or one for each).
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from hospital.kernel.answers import body_of, keep_evidence
from hospital.kernel.parsers import TooLarge
from hospital.kernel.refusals import Refused


class SignedInRequest(Request):
    """A request past the gate of a signed-in door: `user` is a User, never anonymous."""

    user: Any


class Strict(serializers.Serializer[Any]):
    """A serializer that refuses what it does not know, instead of ignoring it."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        unknown = set(data) - set(self.fields)
        if unknown:
            errors = {name: [_("没有这个字段。")] for name in sorted(map(str, unknown))}
            raise serializers.ValidationError(errors, code="unknown-field")
        if odd := [name for name in data if self._is_number_for_an_id(name, data[name])]:
            errors = {name: [_("编号是文字。")] for name in odd}
            raise serializers.ValidationError(errors, code="invalid")
        return super().to_internal_value(data)

    def _is_number_for_an_id(self, name: str, value: Any) -> bool:
        """DRF's own would take 7 and `true` for the UUIDs of these numbers."""
        return isinstance(self.fields[name], serializers.UUIDField) and isinstance(value, int)


class Door(APIView):
    """The base of every JSON door. It answers the methods it has and no others."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    access: str | Mapping[str, str] = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Which of two equal parameters counts is nobody's to guess."""
        super().initial(request, *args, **kwargs)
        if any(len(values) > 1 for _name, values in request.query_params.lists()):
            raise exceptions.ParseError(_("同一个参数出现了两次。"))

    def read(self, shape: type[serializers.Serializer[Any]], data: Any = None) -> dict[str, Any]:
        """The request's body (or `data`) in the given shape, or a refusal naming each field."""
        reader = shape(data=self.request.data if data is None else data)
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)


_CODES = {
    400: ("malformed", gettext_lazy("请求的格式不对，请检查。")),
    401: ("sign-in", gettext_lazy("请先登录。")),
    403: ("not-allowed", gettext_lazy("不能这样做：没有权限，或页面已经过期，请刷新后再试。")),
    404: ("not-found", gettext_lazy("没有找到。可能已经删除，或不属于您。")),
    405: ("method-not-allowed", gettext_lazy("这个地址不支持这样访问。")),
    406: ("not-acceptable", gettext_lazy("只提供 JSON。")),
    413: ("too-large", gettext_lazy("内容太大了。")),
    415: ("media-type", gettext_lazy("只接受 JSON。")),
}
_OTHER = ("refused", gettext_lazy("请求没有成功。"))


def refuse_politely(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal in one shape; a bug stays a bug."""
    if isinstance(error, Refused):
        keep_evidence(error)
        return Response(body_of(error), status=error.status)
    if isinstance(error, (Http404, PermissionDenied, exceptions.APIException)):
        response = exception_handler(error, context)
        assert response is not None
        code, message = _CODES.get(response.status_code, _OTHER)
        facts = {"fields": response.data} if isinstance(error, serializers.ValidationError) else {}
        if isinstance(error, TooLarge):
            code, message = "too-large", _CODES[413][1]
        response.data = {"code": code, "message": str(message), "facts": facts}
        return response
    return None
