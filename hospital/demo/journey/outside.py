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
        messages = self._read("/control/sms/messages", phone=phone)
        rows = messages if isinstance(messages, list) else messages["messages"]
        newest = max(rows, key=lambda row: row.get("at", row.get("received_at", "")))
        found = re.search(r"[0-9]{6}", newest["text"])
        assert found, newest
        return found.group()

    def pay(self, trade_no: str) -> None:
        self.http.post("/control/wechatpay/pay", json={"out_trade_no": trade_no}).raise_for_status()

    def deliver(self, waybill: str) -> None:
        body = {"waybill": waybill, "to": "delivered"}
        self.http.post("/control/courier/advance", json=body).raise_for_status()

    def received_by_regulator(self, stream: str) -> list[dict[str, Any]]:
        rows = self._read("/control/regulator/received", stream=stream)
        return rows if isinstance(rows, list) else list(rows["received"])

    def refunds(self) -> list[dict[str, Any]]:
        return self._read_list("/control/wechatpay/received")

    def _read_list(self, path: str) -> list[dict[str, Any]]:
        rows = self._read(path)
        return rows if isinstance(rows, list) else list(rows["received"])

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
