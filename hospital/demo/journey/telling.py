"""Tells each step of a journey as it happens, with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Tale:
    """Prints one line a step; keeps the seconds for benchmarks."""

    name: str
    quiet: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        except BaseException:
            self._say("✗", what, time.perf_counter() - began)
            raise
        took = time.perf_counter() - began
        self.seconds[what] = self.seconds.get(what, 0) + took
        self._say("✓", what, took)

    def _say(self, mark: str, what: str, took: float) -> None:
        if not self.quiet:
            sys.stdout.write(f"{self.name} {mark} {took:6.2f} s  {what}\n")
            sys.stdout.flush()
