"""A new authenticator, on its way into somebody's app: as a picture to scan and as text to type."""

import base64
import io

import pyotp
import qrcode
from django.conf import settings
from qrcode.image.svg import SvgPathImage

from hospital.accounts.models import User
from hospital.kernel import ciphers


def offered_to(user: User, session: str) -> str:
    """The secret that this sitting is shown until one is enrolled: the same while one tries, and
    kept nowhere, for it follows from the sitting under a key that no page and no table holds."""
    told = f"{session}|{user.public_id}|{user.factor_set_at}"
    digest = bytes.fromhex(ciphers.fingerprint(told, purpose="authenticator"))
    return base64.b32encode(digest[:20]).decode()  # 160 bits (RFC 4226 4)


def shown(user: User, secret: str) -> dict[str, str]:
    """For a page: the picture as a `data:` address (the page's policy allows no other), the
    secret in groups of four, and the link that opens an app on the same device."""
    address = pyotp.TOTP(secret).provisioning_uri(
        name=user.username or "", issuer_name=settings.HOSPITAL_NAME
    )
    drawn = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, box_size=12).save(drawn)
    groups = [secret[i : i + 4] for i in range(0, len(secret), 4)]
    return {
        "qr": f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}",
        "secret": " ".join(groups),
        "address": address,
    }
