"""Rooms above hear at once, in the same transaction, what a visit comes to.

Registered in a room's `AppConfig.ready`: the prescriptions of a terminated visit are void in the
very transaction that terminates it (R-04), and what a doctor left half written is void in the one
in which another takes the visit over.
"""

from collections.abc import Callable
from datetime import datetime

from hospital.consultations.models import Consultation

Hear = Callable[[Consultation, datetime], None]
_hearers: list[Hear] = []
_takers: list[Hear] = []


def on_ending(hear: Hear) -> None:
    """Be told of every consultation that is referred offline, under its lock."""
    if hear not in _hearers:
        _hearers.append(hear)


def tell(consultation: Consultation, at: datetime) -> None:
    for hear in _hearers:
        hear(consultation, at)


def on_handing_over(hear: Hear) -> None:
    """Be told of every consultation that another doctor takes, under its lock, before they do."""
    if hear not in _takers:
        _takers.append(hear)


def tell_handed_over(consultation: Consultation, at: datetime) -> None:
    for hear in _takers:
        hear(consultation, at)
