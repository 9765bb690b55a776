"""Who is signed in, signing out, and what every door of signing in ends with."""

from typing import Any

from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts import services
from hospital.accounts.devices import device_of, remember
from hospital.accounts.models import User
from hospital.kernel.clock import database_now
from hospital.kernel.http import Door, SignedInRequest


class WhoAmI(serializers.Serializer[Any]):
    signed_in = serializers.BooleanField()
    public_id = serializers.UUIDField(allow_null=True)
    roles = serializers.ListField(child=serializers.CharField())


@method_decorator(ensure_csrf_cookie, name="dispatch")
class Session(Door):
    """Who is signed in (and the CSRF cookie to begin with); DELETE signs out."""

    access = {"GET": "account.whoami", "DELETE": "account.sign-out"}

    @extend_schema(responses=WhoAmI)
    def get(self, request: Request) -> Response:
        return Response(whoami(request.user))

    @extend_schema(responses={204: None})
    def delete(self, request: SignedInRequest) -> Response:
        services.sign_out(request._request, at=database_now())
        return Response(status=204)


def enter(request: HttpRequest, user: User, *, method: str) -> Response:
    mark = device_of(request)
    services.open_sitting(request, user, device=mark, at=database_now(), method=method)
    response = Response(whoami(user), status=201)
    remember(response, mark)
    return response


def whoami(user: Any) -> dict[str, Any]:
    if not user.is_authenticated:
        return {"signed_in": False, "public_id": None, "roles": []}
    return {"signed_in": True, "public_id": user.public_id, "roles": user.roles}
