"""What the person at the terminal reads: one short line per step, and one sentence when it stops.

Progress goes to stderr, so that the standard output of `bin/manage` is the command's own.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stop(Exception):
    """Why the platform cannot start, in one sentence that also says what to do."""


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def step(chinese: str, english: str) -> Iterator[None]:
    """Say that a step is done and how long it took; silent about a step that failed."""
    began = time.monotonic()
    yield
    say(f"  {time.monotonic() - began:5.1f} s  {chinese} {english}")
