"""Both directions of WECHATPAY2-SHA256-RSA2048, and the sealing of a notification."""

import base64
import json
import re
import secrets
import time
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from hospital.simulators.wechatpay.keys import Keys

ALGORITHM = "WECHATPAY2-SHA256-RSA2048"
MAX_SKEW_SECONDS = 300
_FIELD = re.compile(r'(\w+)="([^"]*)"')


def merchant_signed(
    keys: Keys, authorization: str, method: str, path_and_query: str, body: bytes
) -> bool:
    """Whether the merchant of this key folder signed exactly this request, just now."""
    scheme, _, rest = authorization.partition(" ")
    fields = dict(_FIELD.findall(rest))
    timestamp = fields.get("timestamp", "")
    if scheme != ALGORITHM or fields.get("mchid") != keys.mchid:
        return False
    if fields.get("serial_no") != keys.merchant_serial:
        return False
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > MAX_SKEW_SECONDS:
        return False
    head = f"{method}\n{path_and_query}\n{timestamp}\n{fields.get('nonce_str', '')}\n"
    try:
        signature = base64.b64decode(fields.get("signature", ""))
        keys.merchant.public_key().verify(
            signature, head.encode() + body + b"\n", PKCS1v15(), SHA256()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def platform_headers(keys: Keys, body: bytes, *, wrong: bool = False) -> dict[str, str]:
    """The headers by which a merchant knows that WeChat Pay wrote this body."""
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    signed = f"{timestamp}\n{nonce}\n".encode() + body + (b"?\n" if wrong else b"\n")
    signature = keys.platform.sign(signed, PKCS1v15(), SHA256())
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": keys.platform_id,
        "Wechatpay-Signature": base64.b64encode(signature).decode("ascii"),
        "Wechatpay-Signature-Type": ALGORITHM,
    }


def sealed(keys: Keys, original_type: str, content: dict[str, Any]) -> dict[str, str]:
    """The `resource` of a notification: AES-256-GCM under the APIv3 key."""
    nonce = secrets.token_hex(6)
    plain = json.dumps(content, ensure_ascii=False).encode()
    cipher = AESGCM(keys.apiv3.encode()).encrypt(nonce.encode(), plain, original_type.encode())
    return {
        "original_type": original_type,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(cipher).decode("ascii"),
        "associated_data": original_type,
        "nonce": nonce,
    }
