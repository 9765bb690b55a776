"""Child processes that run as whom they are told and never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from hospital.embedded.console import Stop

Output = int | IO[bytes] | None
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Account:
    """Whom a program runs as, where that is not ourselves."""

    uid: int
    gid: int


def _tied_to_us(at_death: signal.Signals) -> Callable[[], None] | None:
    """For the child, before it becomes its program: die with this process.

    The kernel forgets the wish when the uid changes, and `subprocess` changes it first. A parent
    that died before the wish was made would never be noticed: hence the look at its id.
    """
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(at_death))
        if os.getppid() != parent:
            os._exit(1)

    return tie


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: int | None = subprocess.DEVNULL,
    stdout: Output = None,
    stderr: Output = None,
    account: Account | None = None,
    at_death: signal.Signals = signal.SIGKILL,
    own_session: bool = True,
) -> subprocess.Popen[bytes]:
    """Start a program. In its own session, Ctrl-C reaches it only through us."""
    return subprocess.Popen(
        [str(word) for word in command],
        env=env,
        cwd=cwd,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=_tied_to_us(at_death),
        start_new_session=own_session,
    )


def finish(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
) -> None:
    """Run a short program to its end, or stop with the last thing it said."""
    process = spawn(
        command,
        env=env,
        cwd=Path("/"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        account=account,
    )
    output, _ = process.communicate()
    if process.returncode:
        said = output.decode(errors="replace").strip().splitlines() or ["(没有输出 no output)"]
        raise Stop(f"{Path(command[0]).name} 失败 failed: {' / '.join(said[-3:])}")


@dataclass
class Child:
    """A program that is to be kept running; it writes to its own log."""

    name: str
    command: Sequence[str | Path]
    log: Path
    env: Mapping[str, str] | None = None
    cwd: Path = Path("/")
    account: Account | None = None
    stop_with: signal.Signals = signal.SIGTERM
    at_death: signal.Signals = signal.SIGKILL
    before: Callable[[], None] = lambda: None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        self.before()
        with self.log.open("ab") as log:
            self.process = spawn(
                self.command,
                env=self.env,
                cwd=self.cwd,
                stdout=log,
                stderr=log,
                account=self.account,
                at_death=self.at_death,
            )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.process and self.is_alive():
            self.process.send_signal(self.stop_with)

    def see_it_gone(self, *, by: float) -> None:
        """Wait until the monotonic time `by`; then kill it and whatever it has started."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, by - time.monotonic()))
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_words(self, lines: int = 8) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
