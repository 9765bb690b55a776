"""The simulated world on a real loopback port, and an ear that hears what it sends out."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import httpx
import pytest
import uvicorn

from hospital.simulators.settings import Settings
from hospital.simulators.world import create_application

ROOMS = ("his", "wechatpay", "sms", "courier", "regulator", "realname")


@pytest.fixture(scope="session")
def running_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    settings = Settings.in_folder(tmp_path_factory.mktemp("world"))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        config = uvicorn.Config(create_application(settings), log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with httpx.Client(base_url=url, trust_env=False, timeout=15) as client:
            client.get("/")  # answered as soon as it has started
            yield SimpleNamespace(url=url, client=client, settings=settings)
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def world(running_world: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """No fault of one test reaches the next."""
    yield running_world
    for room in ROOMS:
        running_world.client.post(f"/control/{room}/reset")


class Ear(ThreadingHTTPServer):
    """Keeps what was posted to it; answers with `replies` while there are any, then with 204."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hearing)
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.replies: list[int] = []
        self.arrived = threading.Semaphore(0)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/callback"

    def wait(self, count: int = 1, seconds: float = 10) -> list[tuple[dict[str, str], bytes]]:
        for _ in range(count):
            assert self.arrived.acquire(timeout=seconds), "nothing more was heard"
        return self.heard


class _Hearing(BaseHTTPRequestHandler):
    server: Ear

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers.items()), body))
        self.send_response(self.server.replies.pop(0) if self.server.replies else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.arrived.release()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def ear() -> Iterator[Ear]:
    with Ear() as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield listening
        listening.shutdown()
        thread.join(5)


def faults(world: SimpleNamespace, room: str, **wish: object) -> None:
    world.client.post(f"/control/{room}/faults", json=wish).raise_for_status()
