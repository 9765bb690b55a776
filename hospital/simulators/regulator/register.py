"""The register of accepted messages: judges each envelope, keeps it, and knows its visit."""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from hospital.simulators import clock
from hospital.simulators.regulator import schemas
from hospital.simulators.regulator.sm3 import canonical, sm3
from hospital.simulators.shelf import Item, Shelf

_HEX = re.compile(r"[0-9a-f]{64}")
ENVELOPE = ("msgId", "schema", "orgCode", "regNo", "op", "bizId", "bizTime", "seq", "payload")


class Verdict(NamedTuple):
    code: int
    message: str
    fields: tuple[str, ...] = ()
    receipt: str = ""


class Register:
    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._index: dict[tuple[str, str, str], set[str]] = {}
        for key, kept in shelf.items():
            self._point_at(key, kept)

    def clear(self) -> None:
        self.shelf.clear()
        self._index.clear()

    def take(self, envelope: Any) -> Verdict:
        """Keep a good envelope and give its receipt; say exactly what is wrong with another."""
        if not isinstance(envelope, dict):
            return Verdict(2002, "不是 JSON 对象", ("envelope",))
        kind = str(envelope.get("schema", "")).partition("/")[0]
        if kind not in schemas.SCHEMAS:
            return Verdict(2001, "未知的消息类型")
        for judge in (_shape, _payload, self._order, self._repetition):
            if (verdict := judge(kind, envelope)) is not None:
                return verdict
        return self._keep(kind, envelope)

    def accepted(self, biz_id: str = "", stream: str = "") -> list[Item]:
        return [
            kept
            for kept in self.shelf.values()
            if biz_id in ("", kept["envelope"]["bizId"]) and stream in ("", kept["stream"])
        ]

    def _order(self, kind: str, envelope: Item) -> Verdict | None:
        schema, payload = schemas.SCHEMAS[kind], envelope["payload"]
        if not schema.needs or envelope["op"] == "CANCEL":
            return None
        for kept in self._standing(schema.needs, schema.by, payload.get(schema.by)):
            if schema.needs != "RX_REVIEW" or kept["envelope"]["payload"]["result"] == "pass":
                return None
        return Verdict(3001, f"缺少前置数据 {schema.needs}", (schema.by,))

    def _repetition(self, kind: str, envelope: Item) -> Verdict | None:
        known = self.shelf.get(f"{kind}/{envelope['bizId']}")
        if envelope["op"] == "CANCEL" and known is None:
            return Verdict(3003, "撤销的数据不存在")
        if known is None:
            return None
        before = known["envelope"]
        same = (before["hash"], before["op"]) == (envelope["hash"], envelope["op"])
        if same:
            return Verdict(0, "重复上报，已受理", receipt=known["receiptNo"])
        if envelope["seq"] <= before["seq"]:
            return Verdict(3002, "业务编号重复且内容不同")
        return None

    def _keep(self, kind: str, envelope: Item) -> Verdict:
        key = f"{kind}/{envelope['bizId']}"
        known = self.shelf.get(key)
        receipt = uuid.uuid4().hex
        self.shelf[key] = {
            "kind": kind,
            "stream": self._stream(envelope["payload"]),
            "receiptNo": receipt,
            "receivedAt": clock.written(clock.now()),
            "cancelled": envelope["op"] == "CANCEL",
            "envelope": envelope,
            "earlier": [*known["earlier"], known["envelope"]] if known else [],
        }
        self._point_at(key, self.shelf[key])
        return Verdict(0, "ok", receipt=receipt)

    def _stream(self, payload: Item) -> str:
        """The visit that a message belongs to, named by itself or by its prescription."""
        if payload.get("visit_no"):
            return str(payload["visit_no"])
        for kept in self._standing("RX_ISSUE", "rx_no", payload.get("rx_no")):
            return str(kept["stream"])
        return ""

    def _point_at(self, key: str, kept: Item) -> None:
        for field in ("rx_no", "visit_no"):
            value = str(kept["envelope"]["payload"].get(field, ""))
            self._index.setdefault((kept["kind"], field, value), set()).add(key)

    def _standing(self, kind: str, field: str, value: Any) -> Iterator[Item]:
        for key in self._index.get((kind, field, str(value)), ()):
            if not self.shelf[key]["cancelled"]:
                yield self.shelf[key]


def _shape(_kind: str, envelope: Item) -> Verdict | None:
    absent = tuple(field for field in ENVELOPE if envelope.get(field) in (None, ""))
    if absent:
        return Verdict(2002, "缺少必填字段", absent)
    wrong = []
    if envelope["op"] not in ("UPSERT", "CANCEL"):
        wrong.append("op")
    if not isinstance(envelope["seq"], int):
        wrong.append("seq")
    if not isinstance(envelope["payload"], dict):
        wrong.append("payload")
    if not _HEX.fullmatch(str(envelope.get("prevHash", ""))):
        wrong.append("prevHash")
    try:
        zone = datetime.fromisoformat(str(envelope["bizTime"])).utcoffset()
    except ValueError:
        zone = None
    if zone is None:
        wrong.append("bizTime")
    if not wrong and envelope.get("hash") != sm3(canonical(envelope["payload"])):
        wrong.append("hash")
    return Verdict(2003, "字段取值有误", tuple(wrong)) if wrong else None


def _payload(kind: str, envelope: Item) -> Verdict | None:
    if envelope["op"] == "CANCEL":
        return None
    if absent := tuple(schemas.missing(kind, envelope["payload"])):
        return Verdict(2002, "缺少必填字段", absent)
    if wrong := tuple(schemas.wrong_codes(kind, envelope["payload"])):
        return Verdict(2003, "代码表取值有误", wrong)
    return None
