"""A platform of one test's own: started as `bin/run` starts it, and surely gone afterwards."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from hospital.embedded.network import free_port
from hospital.embedded.place import CLONE


def environment(data: Path, **more: str) -> dict[str, str]:
    """Nothing of the tests' own services."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"DATA_DIR": str(data), "PORT": str(free_port())} | more


def outcome(*words: str, data: Path, **more: str) -> tuple[int, str]:
    """Exit code and what was said, of a start that is refused."""
    command = [sys.executable, "-m", "hospital.embedded", *words]
    ran = subprocess.run(
        command,
        cwd=CLONE,
        env=environment(data, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ran.returncode, ran.stdout + ran.stderr


class Instance:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.env = environment(data)
        self.said = data.with_suffix(".said")
        with self.said.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hospital.embedded", "run"],
                cwd=CLONE,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )

    def hears(self, words: str, seconds: float = 120) -> None:
        """Wait until it says so; its own end is an answer too."""
        until = time.monotonic() + seconds
        while words not in self.said.read_text(errors="replace"):
            text = self.said.read_text(errors="replace")
            assert self.process.poll() is None, text
            assert time.monotonic() < until, text
            time.sleep(0.05)

    def child(self, words: str) -> int:
        """The process of ours whose command holds these words."""
        for pid in processes_of(self.data):
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            if int(stat[1]) == self.process.pid and words in _read(pid, "cmdline"):
                return pid
        raise AssertionError(words)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def instance(data: Path) -> Iterator[Instance]:
    one = Instance(data)
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.process.send_signal(signal.SIGTERM)
            try:
                one.process.wait(60)
            except subprocess.TimeoutExpired:
                one.kill()


def processes_of(data: Path) -> list[int]:
    """Every process that was told of this data folder, in its command or in its environment."""
    numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    told = str(data)
    mine = os.getpid()
    return [
        pid
        for pid in numbers
        if pid != mine and (told in _read(pid, "cmdline") or told in _read(pid, "environ"))
    ]


def nobody_left(data: Path, seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while processes_of(data):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def environment_of(pid: int) -> str:
    return _read(pid, "environ")


def _read(pid: int, what: str) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/{what}").read_text(errors="replace").replace("\0", " ")
    return ""
