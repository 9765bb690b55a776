"""How a decision is taken again: each kind's room registers the pure function that took it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hospital.policy.values import Policy

Outcome = tuple[str, Sequence[Mapping[str, Any]]]  # pass | reason | block, and the findings
Replay = Callable[[Mapping[str, Any], Policy], Outcome]

_replays: dict[str, Replay] = {}


def register(kind: str, replay: Replay) -> None:
    """Called in `AppConfig.ready`. `replay` gets the stored facts and the policy of then."""
    _replays[kind] = replay


def of(kind: str) -> Replay:
    return _replays[kind]


def kinds() -> set[str]:
    """Every kind of decision that can be taken again; no other is kept."""
    return set(_replays)
