"""What the rooms above registered for their kind of charge: who is told, and what is locked first.

Registered in a room's `AppConfig.ready`. `lock`, `settled`, `refunded` and `closed` run inside the
settling transaction; `lock` comes first, so the order is always subject, then charge.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hospital.payments.models import Charge, Refund


@dataclass(frozen=True)
class Words:
    """What the payer reads about a charge, beside its sum."""

    for_whom: str  # 王秀兰（母亲）
    lines: Sequence[tuple[str, str]] = ()  # (label, value)
    onward: str = ""  # the address of what is paid for


def no_words(_charge: Charge) -> Words:
    return Words("")


def _nothing(_charge: Charge, _at: datetime) -> None:
    return None


@dataclass(frozen=True)
class Hook:
    lock: Callable[[UUID], None]
    settled: Callable[[Charge, datetime], bool]
    refunded: Callable[[Refund, datetime], None]
    closed: Callable[[Charge, datetime], None] = _nothing
    words: Callable[[Charge], Words] = no_words


_hooks: dict[str, Hook] = {}


def register(
    kind: str,
    *,
    lock: Callable[[UUID], None],
    settled: Callable[[Charge, datetime], bool],
    refunded: Callable[[Refund, datetime], None],
    closed: Callable[[Charge, datetime], None] = _nothing,
    words: Callable[[Charge], Words] = no_words,
) -> None:
    """Answer for charges of `kind`.

    `lock(subject)` locks the row of the thing paid for. `settled` takes the step of that thing and
    says True, or False where it no longer wants the money: then all of it goes back in the same
    transaction. `refunded` hears when money is back with the payer, also of charges that were
    never taken. `closed` hears that nobody paid in time (not of charges the room itself closes).
    `words` is asked by the pages, with the reader already known to be the payer.
    """
    _hooks[kind] = Hook(lock, settled, refunded, closed, words)


def of(kind: str) -> Hook:
    return _hooks[kind]
