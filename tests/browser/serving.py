"""Serve the platform as production does, over uvicorn, from one test database."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings

from hospital.embedded.network import free_port
from tests import databases

PATIENCE = 60  # seconds until it answers


@contextmanager
def served(database: str, static: Path, **more: str) -> Iterator[str]:
    """The address of a platform of one's own."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    env = {
        **os.environ,
        **databases.environment_of(database),
        "DJANGO_SETTINGS_MODULE": "hospital.settings",
        "PUBLIC_URL": base,
        "STATIC_ROOT": str(static),
        "REDIS_PREFIX": database,
        "WEB_THREADS": "4",
        **more,
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, env=env, cwd=databases.ROOT, check=True)
    serve = [
        sys.executable,
        "-m",
        "uvicorn",
        "hospital.asgi:application",
        f"--port={port}",
        "--log-level=warning",
        "--timeout-graceful-shutdown=5",
    ]
    said = static.parent / "uvicorn.log"
    with said.open("wb") as log:
        server = subprocess.Popen(serve, env=env, cwd=databases.ROOT, stdout=log, stderr=log)
        try:
            answers(server, f"{base}/robots.txt", said)
            yield base
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@contextmanager
def staged(name: str, build: Callable[[], Any], blocker: Any, static: Path) -> Iterator[Any]:
    """What `build` makes in a database of its own; the platform serves it at its `base`."""
    name = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    before = settings.DATABASES["default"]["NAME"]
    with blocker.unblock():
        databases.make(name)
        try:
            stage = build()
        finally:
            databases.point_at(before)
    with served(name, static) as base:
        stage.base = base
        yield stage
    with blocker.unblock():
        databases.drop(name)


def answers(server: "subprocess.Popen[bytes]", address: str, said: Path) -> None:
    """Wait until it does; what it said instead is told."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            httpx.get(address, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"No answer at {address}:\n{said.read_text()[-2000:]}")
