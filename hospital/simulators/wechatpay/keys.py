"""The key folder that both sides of the payment share, made afresh where there is none."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

MERCHANT_KEY = "merchant_key.pem"
PLATFORM_KEY = "platform_key.pem"
PLATFORM_PUBLIC = "platform_public.pem"
MERCHANT_SERIAL = "merchant_serial.txt"
PLATFORM_ID = "platform_public_id.txt"
APIV3_KEY = "apiv3_key.txt"
MCHID = "mchid.txt"
APPID = "appid.txt"


@dataclass(frozen=True)
class Keys:
    merchant: RSAPrivateKey
    merchant_serial: str
    platform: RSAPrivateKey
    platform_id: str
    apiv3: str
    mchid: str
    appid: str


def ensure_keys(folder: Path) -> Keys:
    """The keys of `folder`; what is missing is made, what is there is never replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    platform = _private_key(folder / PLATFORM_KEY)
    _keep(folder / PLATFORM_PUBLIC, _public_pem(platform))
    return Keys(
        merchant=_private_key(folder / MERCHANT_KEY),
        merchant_serial=_keep(folder / MERCHANT_SERIAL, secrets.token_hex(20).upper()),
        platform=platform,
        platform_id=_keep(folder / PLATFORM_ID, f"PUB_KEY_ID_{secrets.token_hex(16).upper()}"),
        apiv3=_keep(folder / APIV3_KEY, secrets.token_hex(16)),
        mchid=_keep(folder / MCHID, "1900000109"),
        appid=_keep(folder / APPID, "wxd678efh567hg6787"),
    )


def _keep(path: Path, fresh: str) -> str:
    if not path.exists():
        path.write_text(fresh, encoding="ascii")
        path.chmod(0o600)
    return path.read_text(encoding="ascii").strip()


def _private_key(path: Path) -> RSAPrivateKey:
    pem = path.read_text(encoding="ascii") if path.exists() else _keep(path, _fresh_pem())
    key = serialization.load_pem_private_key(pem.encode("ascii"), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(f"{path} holds no RSA key")
    return key


def _fresh_pem() -> str:
    return (
        generate_private_key(public_exponent=65537, key_size=2048)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode("ascii")
    )


def _public_pem(key: RSAPrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode("ascii")
    )
