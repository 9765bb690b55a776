"""Stops asking a system that does not answer, so that nobody waits for it again and again."""

import time
from collections.abc import Callable


class Breaker:
    """After `times` failures in a row nothing is asked for `seconds`; then one more try is free."""

    def __init__(
        self, times: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._times, self._seconds, self._clock = times, seconds, clock
        self.reset()

    def reset(self) -> None:
        self._failures, self._opened_at = 0, 0.0

    @property
    def is_open(self) -> bool:
        return self._failures >= self._times and self._clock() - self._opened_at < self._seconds

    def failed(self) -> None:
        self._failures += 1
        self._opened_at = self._clock()
