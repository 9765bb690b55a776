"""One command on running services: `bin/manage`, `bin/test`, `bin/bench`, parts of `bin/check`."""

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from hospital.embedded.child import spawn
from hospital.embedded.console import say
from hospital.embedded.environment import environment
from hospital.embedded.place import CLONE, Place, chosen_place
from hospital.embedded.services import services

# Each half has services of its own: the sealer waits for the oldest transaction of its whole
# cluster, so workers that shared one would hold it up.
HALVES = (
    ("tests/journeys", "tests/faults", "tests/lifecycles", "tests/rules"),
    ("tests/doors", "tests/browser", "tests/simulators"),
)


def manage(arguments: Sequence[str]) -> int:
    """A management command, with the owner's keys, on the services of this data folder."""
    with _env_of_instance(chosen_place()) as env:
        return attend([sys.executable, "manage.py", *arguments], env)


def test(arguments: Sequence[str]) -> int:
    """The tests named; or all of them, in two halves side by side."""
    return _test_these(arguments) if arguments else _test_all()


def _test_these(arguments: Sequence[str]) -> int:
    with temporary_env(durable=False) as env:
        env["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        return attend([sys.executable, "-m", "pytest", *arguments], env)


def _test_all() -> int:
    """One half in silence; its words come after the other's, so that they do not mix."""
    command = [sys.executable, "-m", "hospital.embedded", "test", *HALVES[0]]
    with tempfile.TemporaryFile() as words:
        silent = spawn(
            command, env=os.environ, cwd=CLONE, stdout=words, stderr=words, own_session=False
        )
        code = _test_these(HALVES[1])
        code_of_silent = silent.wait()
        words.seek(0)
        shutil.copyfileobj(words, sys.stdout.buffer)
        sys.stdout.flush()
    return code or code_of_silent


def bench(arguments: Sequence[str]) -> int:
    """Measured on services that keep their promises: every commit reaches the disk."""
    with temporary_env(durable=True) as env:
        return attend([sys.executable, "-m", "tests.bench", *arguments], env)


def attend(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run it at this terminal and return its exit code. Ctrl-C reaches it, and we wait for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = spawn(command, env=env, cwd=CLONE, stdin=None, own_session=False)
    signal.signal(signal.SIGTERM, lambda number, _frame: process.send_signal(number))
    code = process.wait()
    return code if code >= 0 else 128 - code


@contextmanager
def temporary_env(*, durable: bool) -> Iterator[dict[str, str]]:
    """Services of nobody else's, gone afterwards with all their data."""
    data = Path(tempfile.mkdtemp(prefix="hospital-"))
    data.chmod(0o711)
    place = Place(data)
    try:
        place.make()
        with services(place, for_tests=True, durable=durable) as found:
            yield environment(place, found.env)
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def _env_of_instance(place: Place) -> Iterator[dict[str, str]]:
    """Of the running instance; or of services that we start, and stop, for this command."""
    place.make()
    waiting = False
    while not place.try_to_lock():
        if place.running.exists():
            yield {**os.environ, **json.loads(place.running.read_text())}
            return
        if not waiting:
            say("  等待另一条命令结束 waiting for another command …")
            waiting = True
        time.sleep(0.2)
    place.running.unlink(missing_ok=True)  # left by an instance that was killed
    with services(place) as found:
        yield environment(place, found.env)
