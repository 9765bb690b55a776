"""Where one instance keeps everything: its data folder, and the lock that makes it the only one."""

import fcntl
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from hospital.embedded.console import Stop

CLONE = Path(__file__).resolve().parents[2]
ROOM_NEEDED = 300 * 1024 * 1024
LOG_KEPT = 5 * 1024 * 1024


@dataclass(frozen=True)
class Place:
    data: Path

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def static(self) -> Path:
        return self.data / "static"

    @property
    def media(self) -> Path:
        return self.data / "media"

    @property
    def anchors(self) -> Path:
        return self.data / "anchors"

    @property
    def running(self) -> Path:
        """The addresses of the services of a running instance, for `bin/manage`."""
        return self.data / "running.json"

    def log(self, name: str) -> Path:
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_KEPT:
            path.replace(path.with_suffix(".log.1"))
        return path

    def make(self) -> None:
        """Make the folders, or say in one sentence why that is impossible."""
        try:
            # Others may pass through (PostgreSQL runs as another account under root), not look.
            self.data.mkdir(mode=0o711, parents=True, exist_ok=True)
            for folder in (self.secrets, self.logs, self.static, self.media, self.anchors):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as problem:
            raise Stop(
                f"{self.data} 不能使用（{problem.strerror}），请另设 DATA_DIR。"
                " This folder cannot be used: set DATA_DIR."
            ) from problem
        if shutil.disk_usage(self.data).free < ROOM_NEEDED:
            raise Stop(
                f"磁盘空间不足：{self.data} 所在磁盘剩余不到 300 MB，请清理或另设 DATA_DIR。"
                " The disk is nearly full: free 300 MB or set DATA_DIR."
            )

    def try_to_lock(self) -> bool:
        """Be the only one here until this process ends, or return False."""
        handle = os.open(self.data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        return True


def chosen_place() -> Place:
    return Place(Path(os.environ.get("DATA_DIR") or CLONE / ".data").expanduser().absolute())


def command_beside_python(name: str) -> Path:
    return Path(sys.executable).parent / name


def write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
