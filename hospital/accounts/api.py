"""Sign-in and sign-out for programs: the same services, the same rules."""

from typing import Any

from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts import codes, recollection, services
from hospital.accounts.devices import device_of, remember
from hospital.accounts.models import Recall, User
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
        phone, mark = self.read(self.Input)["phone"], device_of(request._request)
        code = codes.ask(phone, purpose="sign-in", device=mark, at=database_now())
        told = {"code_id": code.public_id, "expires_at": code.expires_at}
        response = Response(told, status=201)
        remember(response, mark)
        return response


class RecallOutput(serializers.Serializer[Any]):
    recall = serializers.UUIDField()
    asks = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField()


class SignInByCode(Door):
    """201: signed in. 202: the number may have changed hands; what is asked is answered next."""

    access = "account.sign-in"

    class Input(Strict):
        code_id = serializers.UUIDField()
        code = serializers.CharField(max_length=12)

    @extend_schema(request=Input, responses={201: WhoAmI, 202: RecallOutput})
    def post(self, request: Request) -> Response:
        given, mark = self.read(self.Input), device_of(request._request)
        found = services.patient_by_code(
            given["code_id"], given["code"], device=mark, at=database_now()
        )
        if isinstance(found, Recall):
            asks = list(recollection.question().form.base_fields)
            told = {"recall": found.public_id, "asks": asks, "expires_at": found.expires_at}
            return Response(told, status=202)
        return _enter(request._request, found, method="sms")


class SignInByRecall(Door):
    """Answer from the record what was asked; the account opens and the browser is remembered."""

    access = "account.sign-in"

    class Input(Strict):
        recall = serializers.UUIDField()
        answers = serializers.DictField(child=serializers.CharField(max_length=32))

    @extend_schema(request=Input, responses={201: WhoAmI})
    def post(self, request: Request) -> Response:
        given, mark = self.read(self.Input), device_of(request._request)
        user = services.recall(given["recall"], given["answers"], device=mark, at=database_now())
        return _enter(request._request, user, method="sms")


class SignInAfresh(Door):
    """“This is not me”: a new account for this number; the old one keeps its records."""

    access = "account.sign-in"

    class Input(Strict):
        recall = serializers.UUIDField()

    @extend_schema(request=Input, responses={201: WhoAmI})
    def post(self, request: Request) -> Response:
        given, mark = self.read(self.Input), device_of(request._request)
        user = services.start_afresh(given["recall"], device=mark, at=database_now())
        return _enter(request._request, user, method="sms")


class ChangePhone(Door):
    """POST: text codes to the new number and the old one. PUT: both codes, and it is changed."""

    access = "account.phone"

    class Ask(Strict):
        phone = PhoneField()
        is_lost = serializers.BooleanField(default=False, help_text="the old phone is not at hand")

    class Asked(serializers.Serializer[Any]):
        new = serializers.UUIDField()
        old = serializers.UUIDField(allow_null=True)

    class Change(Strict):
        new = serializers.UUIDField()
        new_code = serializers.CharField(max_length=12)
        old = serializers.UUIDField(required=False)
        old_code = serializers.CharField(max_length=12, required=False)
        answers = serializers.DictField(child=serializers.CharField(max_length=32), required=False)

    @extend_schema(request=Ask, responses={201: Asked})
    def post(self, request: SignedInRequest) -> Response:
        given = self.read(self.Ask)
        asked = services.ask_phone(request.user, at=database_now(), **given)
        old = asked.old.public_id if asked.old else None
        return Response({"new": asked.new.public_id, "old": old}, status=201)

    @extend_schema(request=Change, responses=WhoAmI)
    def put(self, request: SignedInRequest) -> Response:
        given = self.read(self.Change)
        user = services.change_phone(
            request.user,
            new=given["new"],
            new_digits=given["new_code"],
            old=given.get("old"),
            old_digits=given.get("old_code", ""),
            answers=given.get("answers"),
            at=database_now(),
        )
        return Response(_whoami(user))


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
