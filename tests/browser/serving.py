"""Serve the platform as production does, over uvicorn, from one test database."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests import databases

PATIENCE = 60  # seconds until it answers


@contextmanager
def served(database: str, static: Path) -> Iterator[str]:
    """The address of a platform of one's own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    env = {
        **os.environ,
        **databases.environment_of(database),
        "DJANGO_SETTINGS_MODULE": "hospital.settings",
        "PUBLIC_URL": base,
        "STATIC_ROOT": str(static),
        "REDIS_PREFIX": database,
        "WEB_THREADS": "4",
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
    ]
    said = static.parent / "uvicorn.log"
    log = said.open("wb")
    server = subprocess.Popen(serve, env=env, cwd=databases.ROOT, stdout=log, stderr=log)
    try:
        _wait(server, base, said)
        yield base
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


def _wait(server: subprocess.Popen[bytes], base: str, said: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            httpx.get(f"{base}/robots.txt", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"The platform did not answer at {base}:\n{said.read_text()[-2000:]}")
