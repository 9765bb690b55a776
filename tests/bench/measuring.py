"""CPU of process trees, load of the machine, rates by wrk or by a small driver of our own."""

import http.client
import os
import re
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Round:
    requests: int
    seconds: float
    cpu_us: float  # of the server's process tree, per request
    pg_us: float  # of PostgreSQL, per request

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of these processes and all their descendants, living or reaped."""
    children: dict[int, list[int]] = {}
    times: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        children.setdefault(int(fields[1]), []).append(pid)
        times[pid] = sum(int(fields[i]) for i in (11, 12, 13, 14)) / TICK
    total, todo = 0.0, list(pids)
    while todo:
        pid = todo.pop()
        total += times.get(pid, 0.0)
        todo += children.get(pid, [])
    return total


def postgres_pids() -> list[int]:
    """The postmaster of these services: the parent of the backend that serves us."""
    from django.db import connection  # noqa: PLC0415 - the settings come from the caller

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(") ")[2].split()
    return [int(fields[1])]


def load(url: str, *, headers: dict[str, str], seconds: float, connections: int = 4) -> int:
    """How many requests were answered with 200 in `seconds`. Any other answer is an error."""
    if shutil.which("wrk"):
        return _wrk(url, headers, seconds, connections)
    return _threads(url, headers, seconds, connections)


def _wrk(url: str, headers: dict[str, str], seconds: float, connections: int) -> int:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", url]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    found = re.search(r"(\d+) requests in", said)
    assert found, said
    return int(found.group(1))


def _threads(url: str, headers: dict[str, str], seconds: float, connections: int) -> int:
    parts, counts, end = urlsplit(url), [0] * connections, time.monotonic() + seconds
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path

    def work(mine: int) -> None:
        line = http.client.HTTPConnection(parts.netloc)
        while time.monotonic() < end:
            line.request("GET", address, headers=headers)
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            counts[mine] += 1

    threads = [threading.Thread(target=work, args=(i,)) for i in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def measure(
    url: str, *, headers: dict[str, str], seconds: float, server: int, postgres: list[int]
) -> Round:
    before, pg_before, began = cpu_seconds([server]), cpu_seconds(postgres), time.monotonic()
    requests = load(url, headers=headers, seconds=seconds)
    took = time.monotonic() - began
    cpu = (cpu_seconds([server]) - before) / requests * 1e6
    pg = (cpu_seconds(postgres) - pg_before) / requests * 1e6
    return Round(requests, took, cpu, pg)


def in_turns(
    sides: Mapping[str, str],
    rounds: int,
    seconds: float,
    server: int,
    postgres: list[int],
    **headers: str,
) -> dict[str, list[Round]]:
    """Each side in every round, in an order that turns. `sides` are addresses by name."""
    taken: dict[str, list[Round]] = {side: [] for side in sides}
    for turn in range(rounds):
        for side in list(sides) if turn % 2 else list(sides)[::-1]:
            taken[side].append(
                measure(
                    sides[side], headers=headers, seconds=seconds, server=server, postgres=postgres
                )
            )
    return taken


def told(
    name: str, taken: Mapping[str, list[Round]], target: float, *, besides: Collection[str] = ()
) -> int:
    """Print one comparison with the side `plain`; how many others missed the target.

    `besides` are sides that are not held to it.
    """
    missed = 0
    print(f"  {name}")
    for side, rounds in taken.items():
        rate, cpu, pg = (
            median([getattr(r, what) for r in rounds]) for what in ("rate", "cpu_us", "pg_us")
        )
        line = (
            f"    {side:6} {rate:6.1f}/s, CPU {cpu / 1000:5.1f} ms + PostgreSQL {pg / 1000:5.1f} ms"
        )
        if side != "plain":
            ratios = [a.rate / b.rate for a, b in zip(rounds, taken["plain"], strict=True)]
            met = side in besides or median(ratios) >= target
            missed += not met
            line += f" · {median(ratios):.1f} times ({min(ratios):.1f}..{max(ratios):.1f})"
            line += "" if met else f" NOT MET: at least {target:g}"
        print(line)
    return missed


def median(values: list[float]) -> float:
    return statistics.median(values)


def machine() -> str:
    one, five, _ = os.getloadavg()
    return f"{os.cpu_count()} cores, load {one:.2f} (1 min) {five:.2f} (5 min)"
