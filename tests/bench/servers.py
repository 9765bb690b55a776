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
    port = free_port()
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
    base = f"http://127.0.0.1:{port}"
    with served([sys.executable, "-m", *commands[kind]], base, probe, env, ROOT) as pid:
        yield base, pid


@contextmanager
def served(
    command: list[str], base: str, probe: str, env: dict[str, str], folder: str | Path
) -> Iterator[int]:
    """The process of a server that answers, whatever it answers; it ends with the block."""
    process = subprocess.Popen(command, env=env, cwd=folder)
    try:
        _wait(f"{base}{probe}", process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def prepare(settings: str) -> None:
    """The database as it is after an installation, the pages' files, and Django's apps."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "hospital.settings"
    for command in (
        ["migrate", "--database=owner", "-v0"],
        ["load_reference", "-v0"],
        ["collectstatic", "--noinput", "-v0"],
    ):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    import django  # noqa: PLC0415 - once the environment is complete

    django.setup()


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
