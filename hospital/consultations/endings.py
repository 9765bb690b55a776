"""Rooms above hear at once, in the same transaction, that a visit must not go on online.

Registered in a room's `AppConfig.ready`: the prescriptions of a terminated visit are void in the
very transaction that terminates it (R-04).
"""

from collections.abc import Callable
from datetime import datetime

from hospital.consultations.models import Consultation

Hear = Callable[[Consultation, datetime], None]
_hearers: list[Hear] = []


def on_ending(hear: Hear) -> None:
    """Be told of every consultation that is referred offline, under its lock."""
    if hear not in _hearers:
        _hearers.append(hear)


def tell(consultation: Consultation, at: datetime) -> None:
    for hear in _hearers:
        hear(consultation, at)
