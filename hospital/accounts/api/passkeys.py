"""Passkeys for programs and for the pages' script: challenges, one's own keys, signing in."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts import passkeys, selectors, services
from hospital.accounts.api.sessions import WhoAmI, enter
from hospital.accounts.models import Passkey
from hospital.kernel.clock import database_now
from hospital.kernel.fields import ProseField
from hospital.kernel.http import Door, SignedInRequest, Strict
from hospital.kernel.refusals import NotAllowed


@extend_schema_field(OpenApiTypes.OBJECT)
class CredentialField(serializers.DictField):
    """A `PublicKeyCredential` as JSON (WebAuthn level 3, `toJSON`); read as text."""

    def to_internal_value(self, data: Any) -> Any:
        return json.dumps(super().to_internal_value(data))


class Asked(serializers.Serializer[Any]):
    publicKey = serializers.DictField()  # noqa: N815 - as `navigator.credentials` takes it


class AskSignIn(Door):
    """What to sign in order to sign in. It tells nothing about anybody."""

    access = "account.sign-in"

    @extend_schema(request=None, responses={201: Asked})
    def post(self, request: Request) -> Response:
        return _asked(request, passkeys.SIGN_IN)


class AskVerify(Door):
    """What to sign in order to prove oneself again."""

    access = "account.verify"

    @extend_schema(request=None, responses={201: Asked})
    def post(self, request: SignedInRequest) -> Response:
        return _asked(request, passkeys.STEP_UP)


class AskPasskey(Door):
    """What a new key pair is made for."""

    access = "account.methods.change"

    @extend_schema(request=None, responses={201: Asked})
    def post(self, request: SignedInRequest) -> Response:
        site, at = site_or_refusal(request), database_now()
        session = session_of(request._request)
        options = passkeys.offered(request.user, site, session=session, at=at)
        return Response({"publicKey": options}, status=201)


class SignInByPasskey(Door):
    """Patients: a passkey alone. Of staff it is the second factor, see `sign-in/staff`."""

    access = "account.sign-in"

    class Input(Strict):
        passkey = CredentialField()

    @extend_schema(request=Input, responses={201: WhoAmI})
    def post(self, request: Request) -> Response:
        answer, site = self.read(self.Input)["passkey"], site_or_refusal(request)
        user = services.patient_by_passkey(answer, site=site, at=database_now())
        return enter(request._request, user, method="passkey")


class PasskeyRow(serializers.Serializer[Passkey]):
    public_id = serializers.UUIDField()
    name = serializers.CharField()
    made_at = serializers.DateTimeField()
    used_at = serializers.DateTimeField(allow_null=True)


class Passkeys(Door):
    """One's own; POST adds the one that was just made."""

    access = {"GET": "account.methods", "POST": "account.methods.change"}

    class Output(serializers.Serializer[Any]):
        rows = PasskeyRow(many=True)

    class Input(Strict):
        passkey = CredentialField()
        name = ProseField(limit=40, required=False, default="")

    @extend_schema(responses=Output)
    def get(self, request: SignedInRequest) -> Response:
        rows: Any = selectors.passkeys_of(request.user)
        return Response({"rows": PasskeyRow(rows, many=True).data})

    @extend_schema(request=Input, responses={201: PasskeyRow})
    def post(self, request: SignedInRequest) -> Response:
        given, site = self.read(self.Input), site_or_refusal(request)
        made = services.add_passkey(
            request.user,
            given["passkey"],
            name=given["name"],
            site=site,
            session=session_of(request._request),
            at=database_now(),
        )
        return Response(PasskeyRow(made).data, status=201)


class OnePasskey(Door):
    access = "account.methods.change"

    @extend_schema(responses={204: None})
    def delete(self, request: SignedInRequest, public_id: UUID) -> Response:
        passkey = get_object_or_404(selectors.passkeys_of(request.user), public_id=public_id)
        services.remove_passkey(passkey, by=request.user, at=database_now())
        return Response(status=204)


def site_or_refusal(request: Request) -> passkeys.Site:
    site = passkeys.site_of(request._request)
    if site is None:
        raise NotAllowed(_("这个网址不能用通行密钥，请用域名打开。"), code="passkeys-off")
    return site


def session_of(request: HttpRequest) -> str:
    """The digest of this browser's session; one is begun where there is none yet."""
    session: Any = request.session
    if not session.session_key:
        session.create()
        session["passkey"] = True  # so that the browser is told its key
    return str(session.digest)


def _asked(request: Request, purpose: str) -> Response:
    site, at = site_or_refusal(request), database_now()
    session = session_of(request._request)
    options = passkeys.asked(site, purpose, session=session, at=at)
    return Response({"publicKey": options}, status=201)
