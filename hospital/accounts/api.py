"""Sign-in and sign-out for programs: the same services, the same rules."""

from typing import Any

from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts import codes, services
from hospital.accounts.devices import device_of, remember
from hospital.accounts.models import User
from hospital.kernel.clock import database_now
from hospital.kernel.fields import PhoneField
from hospital.kernel.http import Door, SignedInRequest, Strict


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
        return Response(_whoami(request.user))

    @extend_schema(responses={204: None})
    def delete(self, request: SignedInRequest) -> Response:
        services.sign_out(request._request, at=database_now())
        return Response(status=204)


class AskCode(Door):
    """Have a code texted to a phone. Answers the same for every number."""

    access = "account.sign-in"

    class Input(Strict):
        phone = PhoneField()

    class Output(serializers.Serializer[Any]):
        code_id = serializers.UUIDField()
        expires_at = serializers.DateTimeField()

    @extend_schema(request=Input, responses={201: Output})
    def post(self, request: Request) -> Response:
        phone = self.read(self.Input)["phone"]
        code = codes.ask(phone, purpose="sign-in", at=database_now())
        return Response({"code_id": code.public_id, "expires_at": code.expires_at}, status=201)


class SignInByCode(Door):
    access = "account.sign-in"

    class Input(Strict):
        code_id = serializers.UUIDField()
        code = serializers.CharField(max_length=12)

    @extend_schema(request=Input, responses={201: WhoAmI})
    def post(self, request: Request) -> Response:
        given = self.read(self.Input)
        user = services.patient_by_code(given["code_id"], given["code"], at=database_now())
        return _enter(request._request, user, method="sms")


class SignInStaff(Door):
    access = "account.sign-in"

    class Input(Strict):
        username = serializers.CharField(max_length=64)
        password = serializers.CharField(max_length=256, trim_whitespace=False)
        otp = serializers.CharField(max_length=12)

    @extend_schema(request=Input, responses={201: WhoAmI})
    def post(self, request: Request) -> Response:
        device = device_of(request._request)
        user = services.staff_by_password(**self.read(self.Input), device=device, at=database_now())
        return _enter(request._request, user, method="totp")


class Verify(Door):
    """Prove oneself again with the second factor."""

    access = "account.verify"

    class Input(Strict):
        otp = serializers.CharField(max_length=12)

    class Output(serializers.Serializer[Any]):
        public_id = serializers.UUIDField()
        at = serializers.DateTimeField()

    @extend_schema(request=Input, responses={201: Output})
    def post(self, request: SignedInRequest) -> Response:
        proof = services.verify(request.user, self.read(self.Input)["otp"], at=database_now())
        return Response({"public_id": proof.public_id, "at": proof.at}, status=201)


def _enter(request: HttpRequest, user: User, *, method: str) -> Response:
    mark = device_of(request)
    services.open_sitting(request, user, device=mark, at=database_now(), method=method)
    response = Response(_whoami(user), status=201)
    remember(response, mark)
    return response


def _whoami(user: Any) -> dict[str, Any]:
    if not user.is_authenticated:
        return {"signed_in": False, "public_id": None, "roles": []}
    return {"signed_in": True, "public_id": user.public_id, "roles": user.roles}
