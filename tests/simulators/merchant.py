"""A hospital's side of WeChat Pay, as the real client library speaks it."""

import json
import secrets
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from wechatpayv3 import WeChatPay, WeChatPayType


class Merchant:
    def __init__(self, world: SimpleNamespace) -> None:
        folder: Path = world.settings.keys
        told = {path.name: path.read_text().strip() for path in folder.iterdir()}
        self.library = WeChatPay(
            WeChatPayType.NATIVE,
            told["mchid.txt"],
            told["merchant_key.pem"],
            told["merchant_serial.txt"],
            told["appid.txt"],
            told["apiv3_key.txt"],
            notify_url="http://127.0.0.1:9/nobody",
            timeout=(5, 15),
            public_key=told["platform_public.pem"],
            public_key_id=told["platform_public_id.txt"],
        )
        self.library._core._gate_way = world.url
        self._world = world

    def order(self, notify_url: str, fen: int = 5000, **more: Any) -> str:
        number = f"T{secrets.token_hex(10)}"
        code, answer = self.library.pay(
            description="复诊费",
            out_trade_no=number,
            amount={"total": fen, "currency": "CNY"},
            notify_url=notify_url,
            **more,
        )
        assert code == 200, answer
        return number

    def person_pays(self, number: str) -> None:
        paid = self._world.client.post("/control/wechatpay/pay", json={"out_trade_no": number})
        assert paid.status_code == 200, paid.text

    def query(self, number: str) -> dict[str, Any]:
        code, answer = self.library.query(out_trade_no=number)
        assert code == 200, answer
        return json.loads(answer)

    def refund(self, number: str, refund: str, fen: int, total: int, notify: str = "") -> Any:
        code, answer = self.library.refund(
            refund,
            {"refund": fen, "total": total, "currency": "CNY"},
            out_trade_no=number,
            notify_url=notify or None,
        )
        return code, json.loads(answer)
