"""Whole processes of the platform on a test database: the web, a worker, a beat."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import databases


@contextmanager
def worker(database: str, log: Path, *, beat: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker (with its beat) on `database`; ended with all its children."""
    env = {
        **os.environ,
        **databases.environment_of(database),
        "DJANGO_SETTINGS_MODULE": "hospital.settings",
        "REDIS_PREFIX": database,
    }
    command = [sys.executable, "-m", "celery", "-A", "hospital", "worker", "--concurrency=1"]
    command += ["--loglevel=INFO", "--without-mingle", "--without-gossip"]
    if beat:
        command += ["--beat", f"--schedule={log.with_suffix('.beat')}"]
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, env=env, cwd=databases.ROOT, stdout=out, stderr=out, start_new_session=True
        )
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, children included."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=20)
