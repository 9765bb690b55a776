"""Passkeys (WebAuthn level 2): what a browser is asked to sign, and whether it did.

The library checks structure and signature; here stands what is ours: one challenge is good once,
in the session and for the purpose it was given for; user verification always; a signature counter
that goes back is refused and noted, because then there are two of the key.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import webauthn
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.parse_authentication_credential_json import (
    parse_authentication_credential_json,
)
from webauthn.helpers.parse_registration_credential_json import parse_registration_credential_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from audit import services as audit
from hospital.accounts.models import Challenge, Passkey, User
from hospital.kernel.refusals import Refused

SIGN_IN, STEP_UP, ADD = "sign-in", "step-up", "add"  # what a challenge is for
LIFE: Final = timedelta(minutes=5)
_LONGEST: Final = 20_000  # characters of what a browser answers


@dataclass(frozen=True)
class Site:
    """Where passkeys are good: the relying party's id is a host name, never an address."""

    host: str
    origin: str


def site_of(request: HttpRequest) -> Site | None:
    """The platform's site; None where pages offer no passkeys, as its host is an IP address.

    A demonstration that is served at 127.0.0.1 has passkeys at `localhost`.
    """
    parts = urlsplit(settings.PUBLIC_URL)
    if parts.hostname and not _is_address(parts.hostname):
        return Site(parts.hostname, f"{parts.scheme}://{parts.netloc}")
    host = request.get_host()
    if not settings.PRODUCTION and host.partition(":")[0] == "localhost":
        return Site("localhost", f"{request.scheme}://{host}")
    return None


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def challenge(purpose: str, *, session: str, at: datetime) -> bytes:
    """Something new to sign in this session."""
    value = secrets.token_bytes(32)
    Challenge.objects.create(
        session=session,
        purpose=purpose,
        value=bytes_to_base64url(value),
        expires_at=at + LIFE,
    )
    return value


def asked(site: Site, purpose: str, *, session: str, at: datetime) -> dict[str, Any]:
    """What a browser needs for `navigator.credentials.get`. It names no credential, so it tells
    nobody who has one; the person chooses among those their device holds."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge(purpose, session=session, at=at),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def offered(user: User, site: Site, *, session: str, at: datetime) -> dict[str, Any]:
    """What a browser needs for `navigator.credentials.create`."""
    had = [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(each))
        for each in Passkey.objects.filter(user=user).values_list("credential", flat=True)
    ]
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=settings.HOSPITAL_NAME,
        user_id=user.public_id.bytes,
        user_name=user.username or user.name or str(user.public_id),
        challenge=challenge(ADD, session=session, at=at),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=had,
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def made(answer: str, site: Site, *, session: str, at: datetime) -> tuple[str, str, int]:
    """The id, public key and counter of a key pair that was just made for a challenge of ours."""
    try:
        credential = parse_registration_credential_json(_bounded(answer))
        client = parse_client_data_json(credential.response.client_data_json)
        _spend(client.challenge, ADD, session=session, at=at)
        found = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=client.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise _wrong(str(error)) from error
    return (
        bytes_to_base64url(found.credential_id),
        bytes_to_base64url(found.credential_public_key),
        found.sign_count,
    )


def answered(answer: str, purpose: str, site: Site, *, session: str, at: datetime) -> Passkey:
    """The passkey that signed a challenge of ours just now. Not atomic: a challenge is spent by
    the first answer to it, right or wrong."""
    try:
        credential = parse_authentication_credential_json(_bounded(answer))
        client = parse_client_data_json(credential.response.client_data_json)
        _spend(client.challenge, purpose, session=session, at=at)
        with transaction.atomic():
            passkey = _locked(bytes_to_base64url(credential.raw_id))
            handle = credential.response.user_handle
            if handle is not None and handle != passkey.user.public_id.bytes:
                raise _wrong("another user's handle")
            found = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=client.challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                credential_public_key=base64url_to_bytes(passkey.key),
                credential_current_sign_count=0,  # ours is stricter, and comes after the signature
                require_user_verification=True,
            )
            _count(passkey, found.new_sign_count, at=at)
    except (WebAuthnException, ValueError) as error:
        raise _wrong(str(error)) from error
    return passkey


def _locked(credential: str) -> Passkey:
    rows = Passkey.objects.select_for_update(of=("self",)).select_related("user")
    passkey = rows.filter(credential=credential).first()
    if passkey is None:
        raise _wrong("unknown credential")
    return passkey


def _count(passkey: Passkey, count: int, *, at: datetime) -> None:
    """A device that counts must count upwards (WebAuthn 6.1.1)."""
    if (count or passkey.count) and count <= passkey.count:
        user, public_id = passkey.user, str(passkey.public_id)

        def keep() -> None:
            audit.note_failure("account.passkey-cloned", by=user, at=at, passkey=public_id)

        raise Refused(
            _("这个通行密钥可能被复制过，已停止这次登录，请联系医院。"),
            code="passkey-cloned",
            keep=keep,
        )
    passkey.count, passkey.used_at = count, at
    passkey.save(update_fields=["count", "used_at"])


def _spend(value: bytes, purpose: str, *, session: str, at: datetime) -> None:
    spent, _rows = Challenge.objects.filter(
        value=bytes_to_base64url(value), session=session, purpose=purpose, expires_at__gt=at
    ).delete()
    if not spent or not session:
        raise _wrong("no such challenge")


def _bounded(answer: str) -> str:
    if len(answer) > _LONGEST:
        raise _wrong("too long")
    return answer


def _wrong(_why: str) -> Refused:
    """One sentence for all of it; what exactly was wrong helps only whoever tries."""
    return Refused(_("通行密钥没有核验成功，请再试一次，或换一种方式。"), code="passkey-wrong")
