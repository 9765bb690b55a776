"""Whole processes of the platform on a test database: the web, a worker, a beat, the outside."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hospital.embedded.network import free_port
from tests import databases
from tests.browser.serving import answers, served


@contextmanager
def worker(
    database: str, log: Path, *, beat: bool = False, **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker (with its beat) on `database`; ended with all its children."""
    env = {
        **os.environ,
        **databases.environment_of(database),
        "DJANGO_SETTINGS_MODULE": "hospital.settings",
        "REDIS_PREFIX": database,
        **more,
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


@contextmanager
def simulators(folder: Path) -> Iterator[str]:
    """The address of an outside world of one's own, which keeps all it knows in `folder`."""
    base = f"http://127.0.0.1:{(port := free_port())}"
    hidden = ("DATABASE_", "REDIS_", "SECRET_", "FIELD_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    command = [sys.executable, "-m", "uvicorn", "hospital.simulators.app:application"]
    command += [f"--port={port}", "--log-level=warning"]
    said = folder / "simulators.log"
    with said.open("ab") as out:
        process = subprocess.Popen(
            command,
            env=env | {"DATA_DIR": str(folder), "SIMULATORS_URL": base},
            cwd=databases.ROOT,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            answers(process, f"{base}/control/totp", said)
            yield base
        finally:
            kill(process)


@dataclass(frozen=True)
class Whole:
    base: str
    outside: str


@contextmanager
def whole_platform(database: str, folder: Path) -> Iterator[Whole]:
    """Web, worker and beat with the demonstration's cast, and the world outside, in `folder`."""
    with simulators(folder) as outside:
        mine = {
            "DATA_DIR": str(folder),
            "MEDIA_ROOT": str(folder / "media"),
            "SIMULATORS_URL": outside,
        }
        with (
            seed(database, folder, **mine) as seeding,
            served(database, folder / "static", **mine) as base,
        ):
            mine["PUBLIC_URL"] = base
            if seeding.wait(timeout=120):
                raise RuntimeError((folder / "seed.log").read_text())
            with worker(database, folder / "worker.log", beat=True, **mine):
                yield Whole(base, outside)


def seed(database: str, folder: Path, **more: str) -> subprocess.Popen[bytes]:
    """The demonstration's cast, while the rest starts."""
    env = {
        **os.environ,
        **databases.environment_of(database),
        "DJANGO_SETTINGS_MODULE": "hospital.settings",
        "REDIS_PREFIX": database,
        **more,
    }
    command = [sys.executable, "manage.py", "seed_demo", f"--json={folder / 'demo.json'}"]
    with (folder / "seed.log").open("wb") as out:
        return subprocess.Popen(command, env=env, cwd=databases.ROOT, stdout=out, stderr=out)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, children included."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=20)
