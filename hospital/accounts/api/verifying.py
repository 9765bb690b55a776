"""Proving oneself again, before a step that weighs much."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.accounts import services
from hospital.accounts.api.passkeys import CredentialField, site_or_refusal
from hospital.accounts.models import User, Verification
from hospital.kernel.clock import database_now
from hospital.kernel.http import Door, SignedInRequest, Strict
from hospital.kernel.refusals import Refused


class AskVerifyCode(Door):
    """Patients: have a code texted to one's own phone."""

    access = "account.verify"

    class Output(serializers.Serializer[Any]):
        code_id = serializers.UUIDField()
        expires_at = serializers.DateTimeField()

    @extend_schema(request=None, responses={201: Output})
    def post(self, request: SignedInRequest) -> Response:
        code = services.ask_code(request.user, at=database_now())
        return Response({"code_id": code.public_id, "expires_at": code.expires_at}, status=201)


class Verify(Door):
    """With `otp` (staff), with `code_id` and `code` (patients), or with `passkey`."""

    access = "account.verify"

    class Input(Strict):
        otp = serializers.CharField(max_length=12, required=False)
        code_id = serializers.UUIDField(required=False)
        code = serializers.CharField(max_length=12, required=False)
        passkey = CredentialField(required=False)

    class Output(serializers.Serializer[Any]):
        public_id = serializers.UUIDField()
        at = serializers.DateTimeField()

    @extend_schema(request=Input, responses={201: Output})
    def post(self, request: SignedInRequest) -> Response:
        proof = _proof(request, self.read(self.Input))
        return Response({"public_id": proof.public_id, "at": proof.at}, status=201)


def _proof(request: SignedInRequest, given: dict[str, Any]) -> Verification:
    user: User = request.user
    at = database_now()
    match sorted(given):
        case ["otp"]:
            return services.verify(user, given["otp"], at=at)
        case ["code", "code_id"]:
            return services.verify_by_code(user, given["code_id"], given["code"], at=at)
        case ["passkey"]:
            site = site_or_refusal(request)
            return services.verify_by_passkey(user, given["passkey"], site=site, at=at)
    raise Refused(_("动态码、短信验证码、通行密钥，只填一样。"), code="malformed")
