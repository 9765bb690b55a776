"""The simulators, as an outsider uses them: their control doors and their own records."""

import re
import time
from typing import Any

import httpx


class Outside:
    def __init__(self, base: str) -> None:
        self.http = httpx.Client(base_url=base, timeout=30, trust_env=False)

    def new_patient(self, **wishes: Any) -> dict[str, Any]:
        """A person whom the hospital has just got to know, with the history wished for."""
        answer = self.http.post("/control/his/patients", json=wishes)
        answer.raise_for_status()
        return dict(answer.json())

    def code_texted_to(self, phone: str) -> str:
        newest = self._read("/control/sms/messages", phone=phone)["messages"][0]
        found = re.search(r"[0-9]{6}", newest["text"])
        assert found, newest
        return found.group()

    def pay_at(self, cashier_url: str) -> str:
        """Press the button of the cashier's page, as a person would; the order's number."""
        page = self.http.get(cashier_url).raise_for_status()
        number = re.search(r"订单号 (\w+)", page.text)
        assert number, page.text[:300]
        answer = self.http.post(cashier_url, data={"act": "pay"})
        assert answer.status_code < 400, answer.text[:300]
        return number.group(1)

    def deliver(self, waybill: str) -> None:
        body = {"waybill": waybill, "to": "delivered"}
        self.http.post("/control/courier/advance", json=body).raise_for_status()

    def received_by_regulator(self, stream: str) -> list[dict[str, Any]]:
        return list(self._read("/control/regulator/received", stream=stream)["received"])

    def refunded_fen(self, number: str) -> int:
        """What the gateway has given back for an order of ours."""
        refunds = self._read("/control/wechatpay/received")["refunds"]
        return sum(
            row["refund"]
            for row in refunds
            if row["out_trade_no"] == number and row["status"] == "SUCCESS"
        )

    def _read(self, path: str, **query: Any) -> Any:
        answer = self.http.get(path, params=query)
        answer.raise_for_status()
        return answer.json()


def until(ask: Any, *, seconds: float = 30, every: float = 0.1) -> Any:
    """Ask again and again until the answer is true. What never becomes so is a mismatch."""
    end = time.monotonic() + seconds
    while not (answer := ask()):
        if time.monotonic() > end:
            raise TimeoutError("it did not happen in time")
        time.sleep(every)
    return answer
