"""Starts the platform, or bare Django, under the servers that `bin/run` and production use."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def server(kind: str, settings: str, probe: str) -> Iterator[tuple[str, int]]:
    """`bridge`: one uvicorn with WSGI threads, as bin/run. `workers`: two granian processes."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    commands = {
        "bridge": [
            "uvicorn",
            "tests.bench.apps:bridge",
            f"--port={port}",
            "--log-level=error",
            "--no-access-log",
        ],
        "workers": [
            *("granian", "--interface", "wsgi", "--port", str(port), "--workers", "2"),
            *("--blocking-threads", "2", "--log-level", "error", "tests.bench.apps:pages"),
        ],
    }
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    process = subprocess.Popen([sys.executable, "-m", *commands[kind]], env=env, cwd=ROOT)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{base}{probe}", process)
        yield base, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert process.poll() is None, "the server ended"
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nobody answers at {url}")
