"""Staff: password and second factor, always both."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts import passkeys, services
from hospital.accounts.api.passkeys import CredentialField
from hospital.accounts.api.sessions import WhoAmI, enter
from hospital.accounts.devices import device_of
from hospital.kernel.clock import database_now
from hospital.kernel.http import Door, Strict


class SignInStaff(Door):
    """With `otp`, or with the answer of a passkey to `sign-in/passkey/challenge`."""

    access = "account.sign-in"

    class Input(Strict):
        username = serializers.CharField(max_length=64)
        password = serializers.CharField(max_length=256, trim_whitespace=False)
        otp = serializers.CharField(max_length=12, required=False)
        passkey = CredentialField(required=False)

        def validate(self, given: dict[str, Any]) -> dict[str, Any]:
            if ("otp" in given) is ("passkey" in given):
                raise serializers.ValidationError({"otp": [_("动态码和通行密钥，填一样。")]})
            return given

    @extend_schema(request=Input, responses={201: WhoAmI})
    def post(self, request: Request) -> Response:
        http, given = request._request, self.read(self.Input)
        user = services.staff_by_password(
            **given, device=device_of(http), site=passkeys.site_of(http), at=database_now()
        )
        return enter(http, user, method="totp" if "otp" in given else "passkey")
