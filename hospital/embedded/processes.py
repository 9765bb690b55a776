"""What runs beside the services: web, worker, beat and, in a demonstration, the outside world."""

import os
import sys
from collections.abc import Mapping

from hospital.embedded.child import Child
from hospital.embedded.environment import without_owner
from hospital.embedded.network import free_port, is_free
from hospital.embedded.place import CLONE, Place, command_beside_python

SIMULATORS = "hospital.simulators.app"
SECONDS_FOR_REQUESTS = 5


def web(place: Place, env: Mapping[str, str], host: str, port: int) -> Child:
    return _child(
        "web",
        place,
        env,
        *_uvicorn("hospital.asgi:application", host, port),
        *("--ws", "websockets-sansio"),
        *("--ws-max-size", "65536"),
        *("--ws-per-message-deflate", "false"),
    )


def worker(place: Place, env: Mapping[str, str]) -> Child:
    many = os.environ.get("WORKERS", "2")
    options = ["--concurrency", many, "--loglevel", "INFO", "--without-mingle", "--without-gossip"]
    return _child("worker", place, env, *_celery("worker"), *options)


def beat(place: Place, env: Mapping[str, str]) -> Child:
    schedule = ["--schedule", str(place.data / "beat-schedule"), "--pidfile="]
    return _child("beat", place, env, *_celery("beat"), *schedule)


def simulators(place: Place, env: Mapping[str, str], port: int) -> Child:
    """They imitate others' systems, so they hold none of our addresses and keys."""
    theirs = {
        name: value
        for name, value in env.items()
        if not name.startswith(("DATABASE_", "REDIS_", "SECRET_", "FIELD_"))
    }
    command = _uvicorn(f"{SIMULATORS}:application", "127.0.0.1", port)
    return _child("simulators", place, theirs, *command)


def has_simulators(env: Mapping[str, str]) -> bool:
    written = (CLONE / SIMULATORS.replace(".", "/")).with_suffix(".py").exists()
    return env["DEPLOYMENT"] == "demo" and written


def port_for_simulators(web_port: int) -> int:
    """The next port where it is free: easy to remember, not worth a refusal."""
    asked = int(os.environ.get("SIMULATORS_PORT") or web_port + 1)
    return asked if is_free("127.0.0.1", asked) else free_port()


def _child(name: str, place: Place, env: Mapping[str, str], *command: str) -> Child:
    return Child(name, command, place.log(name), env=without_owner(env), cwd=CLONE)


def _uvicorn(application: str, host: str, port: int) -> list[str]:
    address = ["--host", host, "--port", str(port)]
    # Nobody stands in front, so nobody's word about the client's address is taken.
    # Below warnings uvicorn writes socket addresses, and with them the tickets in their queries.
    quiet = ["--log-level", "warning", "--no-access-log"]
    honest = ["--no-server-header", "--no-proxy-headers"]
    graceful = ["--timeout-graceful-shutdown", str(SECONDS_FOR_REQUESTS)]
    return [sys.executable, "-m", "uvicorn", application, *address, *quiet, *honest, *graceful]


def _celery(part: str) -> list[str]:
    return [str(command_beside_python("celery")), "-A", "hospital", part]
