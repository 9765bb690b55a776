"""Planned misbehaviour: what a room has been told to do wrong, how often, and on which paths."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple


class FaultKind(NamedTuple):
    """A fault that people may plan: a `count` says how often, a `value` needs `times` beside it."""

    name: str
    takes: Literal["count", "value"]
    says: str


BASE = (
    FaultKind("delay_ms", "value", "Wait before the request is handled."),
    FaultKind("delay_answer_ms", "value", "Handle the request, then wait before answering."),
    FaultKind("status", "value", "Answer with this HTTP status, and do nothing."),
    FaultKind("lose_answer", "count", "Handle the request, then cut the connection."),
    FaultKind("half_answer", "count", "Send half of the answer, fall silent, then cut."),
    FaultKind("malformed", "count", "Send half of the answer as if it were whole."),
)

CALLBACKS = (
    FaultKind("drop", "count", "A callback that never arrives (each attempt counts)."),
    FaultKind("duplicate", "value", "Send a callback this many times at once."),
    FaultKind("wrong_signature", "count", "A callback whose signature does not fit."),
    FaultKind("callback_delay_ms", "value", "Wait before sending a callback."),
)


class UnknownFault(ValueError):
    """The wish names something this room cannot do, or its number makes no sense."""


@dataclass
class Planned:
    name: str
    value: Any
    remaining: int  # below zero: until reset
    path: str = ""


class Faults:
    def __init__(self, *kinds: FaultKind) -> None:
        self.kinds = {kind.name: kind for kind in kinds}
        self._planned: list[Planned] = []

    def plan(self, wish: Mapping[str, Any]) -> None:
        """`{"status": 503, "times": 3, "path": "/send"}`; `times` is 1 unless told, -1 for ever."""
        times, path = wish.get("times", 1), str(wish.get("path", ""))
        planned: list[Planned] = []
        for name, value in wish.items():
            if name in ("times", "path"):
                continue
            kind = self.kinds.get(name)
            if kind is None:
                raise UnknownFault(f"{name}: one of {', '.join(self.kinds)}")
            counts = kind.takes == "count"
            remaining = value if counts else times
            if not isinstance(remaining, int):
                raise UnknownFault(f"{name}: a whole number says how often")
            if (name.endswith("_ms") or name in ("status", "duplicate")) and not isinstance(
                value, int
            ):
                raise UnknownFault(f"{name}: a whole number")
            planned.append(Planned(name, counts or value, remaining, path))
        self._planned += planned

    def take(self, name: str, path: str = "") -> Any:
        """The value of the next such fault, used up once; None where none is planned."""
        for fault in self._planned:
            if fault.name == name and fault.path in path and fault.remaining != 0:
                fault.remaining -= 1
                self._planned = [kept for kept in self._planned if kept.remaining != 0]
                return fault.value
        return None

    def pending(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._planned]

    def clear(self) -> None:
        self._planned.clear()
