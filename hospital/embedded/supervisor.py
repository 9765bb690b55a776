"""Keeps processes up until somebody asks it to stop, and then leaves none behind."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from hospital.embedded.child import Child
from hospital.embedded.console import Stop, say

LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
SECONDS_TO_STOP = 12
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Watched:
    """A process and how patiently it is started again."""

    child: Child
    since: float = field(default_factory=time.monotonic)
    pause: float = 1.0
    again_at: float | None = None


class Supervisor:
    def __init__(self) -> None:
        self.watched: list[Watched] = []
        self.asked: list[int] = []
        self.is_watching = False
        for number in STOPPING:
            signal.signal(number, self._note)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        """While starting, leave at once; later at the next look; asked again, wait for nobody."""
        self.asked.append(number)
        if not self.is_watching:
            raise SystemExit(128 + number)
        if len(self.asked) > 1:
            for watched in self.watched:
                if watched.child.process and watched.child.is_alive():
                    watched.child.process.kill()

    def adopt(self, *children: Child) -> None:
        self.watched += [Watched(child) for child in children]

    def start(self, *children: Child) -> None:
        for child in children:
            child.start()
        self.adopt(*children)

    def wait_for(self, is_ready: Callable[[], bool], child: Child, *, seconds: float) -> None:
        """Until a new process answers; it may not die before."""
        until = time.monotonic() + seconds
        while not is_ready():
            if not child.is_alive() or time.monotonic() > until:
                raise Stop(
                    f"{child.name} 没有启动成功 did not start ({child.log}):\n{child.last_words()}"
                )
            time.sleep(0.05)

    def watch(self) -> None:
        """Until asked to stop. Whoever dies is started again, after ever longer pauses."""
        self.is_watching = True
        while not self.asked:
            for watched in self.watched:
                self._look_at(watched)
            time.sleep(0.2)

    def _look_at(self, watched: Watched) -> None:
        now, child = time.monotonic(), watched.child
        if child.is_alive():
            return
        if watched.again_at is None:
            if now - watched.since > STEADY_AFTER:
                watched.pause = 1.0
            code = child.process.returncode if child.process else "?"
            watched.again_at = now + watched.pause
            say(
                f"! {child.name} 意外退出（{code}），{watched.pause:.0f} 秒后重启"
                f" died; starting it again. {child.log}\n{child.last_words(3)}"
            )
            watched.pause = min(watched.pause * 2, LONGEST_PAUSE)
        elif now >= watched.again_at:
            try:
                child.start()
            except (OSError, Stop) as reason:
                say(f"! {child.name}: {reason}")
            watched.since, watched.again_at = time.monotonic(), None

    def stop(self, *children: Child) -> None:
        """Ask all at once, wait together, then be sure."""
        for child in children:
            child.ask_to_stop()
        until = time.monotonic() + SECONDS_TO_STOP
        for child in children:
            child.see_it_gone(by=until)
