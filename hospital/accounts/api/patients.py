"""Patients: a code texted to their phone, another phone."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts import codes, recollection, services
from hospital.accounts.api.sessions import WhoAmI, enter, whoami
from hospital.accounts.devices import device_of, remember
from hospital.accounts.models import Recall
from hospital.kernel.clock import database_now
from hospital.kernel.fields import PhoneField
from hospital.kernel.http import Door, SignedInRequest, Strict


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
        return enter(request._request, found, method="sms")


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
        return enter(request._request, user, method="sms")


class SignInAfresh(Door):
    """“This is not me”: a new account for this number; the old one keeps its records."""

    access = "account.sign-in"

    class Input(Strict):
        recall = serializers.UUIDField()

    @extend_schema(request=Input, responses={201: WhoAmI})
    def post(self, request: Request) -> Response:
        given, mark = self.read(self.Input), device_of(request._request)
        user = services.start_afresh(given["recall"], device=mark, at=database_now())
        return enter(request._request, user, method="sms")


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
        return Response(whoami(user))
