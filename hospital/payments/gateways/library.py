"""The WeChat Pay library, sending through the hospital's one way out.

The library signs, verifies and decrypts. It would follow redirects, wait for ever and fetch
certificates named by whoever calls back, so sending is ours: known host, time limits, one key.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import build_authorization

from hospital.kernel import outward
from hospital.payments.gateways.keys import PARTNER, Keys

SIGNED_BY: Final = "WECHATPAY2-SHA256-RSA2048"
SIGNATURE: Final = ("Signature", "Timestamp", "Nonce", "Serial", "Signature-Type")


class _Core(Core):  # type: ignore[misc]
    def request(
        self, path: str, method: Any = RequestType.GET, data: Any = None, **_how: Any
    ) -> tuple[int, str]:
        body = json.dumps(data) if data else ""
        signature = build_authorization(
            path, method.value, self._mchid, self._cert_serial_no, self._private_key, data=body
        )
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Authorization": signature,
            "Wechatpay-Serial": self._public_key_id,
        }
        response = outward.request(
            method.value, self._gate_way + path, partner=PARTNER, headers=headers, content=body
        )
        if response.is_success and not self.signed(response.headers, response.text):
            raise outward.unavailable(PARTNER)
        return response.status_code, response.text

    def signed(self, headers: Mapping[str, str], body: str) -> bool:
        """Whether WeChat Pay wrote this body; only by its public key that we hold."""
        told = {f"Wechatpay-{name}": headers.get(f"Wechatpay-{name}", "") for name in SIGNATURE}
        if told["Wechatpay-Serial"] != self._public_key_id:
            return False
        if told["Wechatpay-Signature-Type"] != SIGNED_BY:
            return False
        return bool(self._verify_signature(told, body))


class Library(WeChatPay):  # type: ignore[misc]
    """Public-key mode, H5 payments, at the given address."""

    def __init__(self, keys: Keys, *, gateway: str, notify_url: str) -> None:
        common = {
            "private_key": keys.merchant_key,
            "cert_serial_no": keys.merchant_serial,
            "apiv3_key": keys.apiv3_key,
            "public_key": keys.platform_public,
            "public_key_id": keys.platform_public_id,
        }
        super().__init__(
            WeChatPayType.H5, keys.mchid, appid=keys.appid, notify_url=notify_url, **common
        )
        self._core = _Core(keys.mchid, **common)
        self._core._gate_way = gateway.rstrip("/")

    def signed(self, headers: Mapping[str, str], body: str) -> bool:
        return bool(self._core.signed(headers, body))
