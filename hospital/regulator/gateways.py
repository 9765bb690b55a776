"""The supervision platform seen from here: one signed message out, one answer back.

No exception leaves this file for anything the network or the other side can do: silence, an error
page and half an answer are all an `Answer` without a code, and the message goes again later.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext_noop

from hospital.kernel import outward
from hospital.kernel.canonical import canonical
from hospital.kernel.refusals import Unavailable
from hospital.regulator.sm3 import hmac_sm3, sm3

PARTNER: Final = gettext_noop("监管平台")


@dataclass(frozen=True)
class Answer:
    code: int | None  # None: nobody answered, or not in a way that can be understood
    words: str = ""
    receipt: str = ""

    @property
    def is_accepted(self) -> bool:
        return self.code == 0 and bool(self.receipt)


def send(envelope: dict[str, Any], *, at: datetime) -> Answer:
    """Send one message. The receiver knows a repetition by its business id and content."""
    body = canonical(envelope).encode()
    try:
        response = outward.request(
            "POST",
            settings.REGULATOR_URL,
            partner=PARTNER,
            content=body,
            headers={"Content-Type": "application/json", **_signed(body, at)},
        )
    except Unavailable as silence:
        return Answer(None, str(silence.message))
    return _read(response, envelope["msgId"])


def _signed(body: bytes, at: datetime) -> dict[str, str]:
    app, nonce, stamp = settings.REGULATOR_APP_ID, uuid.uuid4().hex, str(int(at.timestamp() * 1000))
    digest, path = sm3(body), urlsplit(settings.REGULATOR_URL).path
    signed = "\n".join([app, stamp, nonce, "POST", path, digest])
    return {
        "X-App-Id": app,
        "X-Timestamp": stamp,
        "X-Nonce": nonce,
        "X-Body-SM3": digest,
        "X-Signature": hmac_sm3(settings.REGULATOR_KEY, signed),
    }


def _read(response: httpx.Response, msg_id: str) -> Answer:
    try:
        told = response.json()
    except ValueError:
        return Answer(None, f"HTTP {response.status_code}")
    code = told.get("code") if isinstance(told, dict) else None
    if not isinstance(code, int) or isinstance(code, bool):
        return Answer(None, f"HTTP {response.status_code}")
    if code == 0 and (told.get("msgId") != msg_id or not told.get("receiptNo")):
        return Answer(None, "another message's receipt")
    fields = ", ".join(map(str, told.get("fields") or ()))
    words = " ".join(filter(None, [str(told.get("message", "")), fields]))
    return Answer(code, words, str(told.get("receiptNo") or "")[:64])
