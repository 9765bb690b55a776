"""Leaves what is away alone for a while, so that its absence costs one request and not all.

Redis only wakes and hints here; PostgreSQL holds the truth and a beat finds what was left. The
client libraries try again for seconds before they give up, and that must not be paid each time.
"""

import time
from typing import Final

REST: Final = 5.0  # seconds; the beat looks as often


class Breaker:
    def __init__(self) -> None:
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it was away just now, so that asking is not worth it."""
        return time.monotonic() < self._until

    def trip(self) -> None:
        self._until = time.monotonic() + REST

    def reset(self) -> None:
        self._until = 0.0
