"""`bin/bench journey`: whole journeys a minute, 1 and 8 at once, and where their CPU goes.

A platform of its own is started as `bin/run` starts it; staff sign in before the clock starts,
each parallel journey has its own doctor and pharmacist. The journeys' own process is not counted.
"""

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from tests.bench.measuring import cpu_seconds, machine, median
from tests.bench.servers import ROOT
from tests.faults.starting import Instance, instance

PARTS = {  # the words of each part's command
    "web": "hospital.asgi",
    "worker": "celery",
    "PostgreSQL": "postgres",
    "Redis": "valkey",
    "simulators": "hospital.simulators",
}
DEAREST = 5


def main(arguments: list[str]) -> int:
    parser = ArgumentParser("bin/bench journey")
    parser.add_argument("--times", type=int, default=6, help="journeys one after the other")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with instance(Path(folder) / "data") as running:
            running.hears("ready in", seconds=240)
            _walk(running, at_once=1, times=1)  # warm
            for many in (1, 8):
                _tell(running, many, chosen.times)
    return 0


def _tell(running: Instance, many: int, times: int) -> None:
    print(f"\n{many} at once, {times} each: {machine()}")
    before = {part: cpu_seconds(_pids(running, words)) for part, words in PARTS.items()}
    report = _walk(running, at_once=many, times=times)
    journeys = report["journeys"]
    count = len(journeys)
    print(f"  {count / report['seconds'] * 60:.1f} journeys a minute")
    spent = {
        part: (cpu_seconds(_pids(running, words)) - before[part]) / count
        for part, words in PARTS.items()
    }
    ours = sum(seconds for part, seconds in spent.items() if part != "simulators")
    split = ", ".join(f"{part} {seconds * 1000:.0f}" for part, seconds in spent.items())
    print(f"  CPU ms a journey: {ours * 1000:.0f} without the simulators ({split})")
    steps = {step: median([each[step] for each in journeys]) for step in journeys[0]}
    for step, seconds in sorted(steps.items(), key=lambda item: -item[1])[:DEAREST]:
        print(f"  {seconds:6.2f} s  {step}")
    print(f"  afterwards: {machine()}")


def _walk(running: Instance, *, at_once: int, times: int) -> dict:
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        port = running.env["PORT"]
        environ = Path(f"/proc/{_pids(running, PARTS['web'])[0]}/environ").read_text().split("\0")
        simulators = next(row for row in environ if row.startswith("SIMULATORS_URL="))
        env = os.environ | running.env
        env |= {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        env |= dict([simulators.split("=", 1)])
        command = [sys.executable, "manage.py", "journey", "--no-refusals", "--json", file.name]
        command += ["--at-once", str(at_once), "--times", str(times)]
        subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return json.load(file)


def _pids(running: Instance, words: str) -> list[int]:
    """The supervisor's children whose command holds these words."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            command = (stat.parent / "cmdline").read_text()
        except OSError:
            continue
        if parent == running.process.pid and words in command:
            found.append(int(stat.parent.name))
    return found
