"""kill -9 in the middle of journeys: they finish, or end with the money back."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hospital.embedded.place import CLONE
from tests.faults.starting import Instance, instance

pytestmark = pytest.mark.slow
PATIENCE = 240  # seconds for a journey that is disturbed
VICTIMS = {  # who is killed: the words of its command
    "web": "hospital.asgi",
    "worker": "celery",
    "PostgreSQL": "postgres",
    "Redis": "valkey",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Instance:
    folder = tmp_path_factory.mktemp("killed")
    folder.chmod(0o755)
    with instance(folder / "data") as one:
        one.hears("ready in", seconds=240)
        yield one


def journey(running: Instance, *more: str) -> "subprocess.Popen[str]":
    port = int(running.env["PORT"])
    env = running.env | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SIMULATORS_URL": simulators_of(running),
    }
    command = [sys.executable, "manage.py", "journey", "--persevere", *more]
    return subprocess.Popen(
        command, cwd=CLONE, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def simulators_of(running: Instance) -> str:
    environ = Path(f"/proc/{running.child('hospital.asgi')}/environ").read_text().split("\0")
    return next(row.split("=", 1)[1] for row in environ if row.startswith("SIMULATORS_URL="))


def living(running: Instance, words: str) -> int:
    """The process, once the supervisor has it going again."""
    end = time.monotonic() + 60
    while True:
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
                command = (stat.parent / "cmdline").read_text()
                if parent == running.process.pid and words in command:
                    return int(stat.parent.name)
        assert time.monotonic() < end, f"{words} was not started again"
        time.sleep(0.2)


@pytest.mark.parametrize("victim", VICTIMS)
def test_a_journey_outlives(running: Instance, victim: str):
    with journey(running) as walking:
        for line in walking.stdout:  # the killing begins once the order is placed
            if "order" in line:
                break
        for _ in range(2):
            os.kill(living(running, VICTIMS[victim]), signal.SIGKILL)
            time.sleep(4)
        said, _ = walking.communicate(timeout=PATIENCE)
    assert walking.returncode == 0, said


def test_afterwards_nothing_is_lost_and_the_money_is_right(running: Instance):
    """The control of all above: the same journey undisturbed, and the platform's books."""
    with journey(running) as walking:
        said, _ = walking.communicate(timeout=PATIENCE)
    assert walking.returncode == 0, said
    counted = json.loads(
        subprocess.run(
            [sys.executable, "-m", "hospital.embedded", "manage", "shell", "-v0", "-c", BOOKS],
            cwd=CLONE,
            env=running.env,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
    assert counted["unbalanced postings"] == 0
    assert counted["gaps in conversations"] == 0
    assert counted["feeds left"] == 0
    assert counted["uploads quarantined"] == 0
    assert counted["paid"] > 0


BOOKS = """
import json
from django.db.models import Count, F, Max, Sum
from audit.models import Pending
from hospital.consultations.models import Message
from hospital.payments.models import Charge, Entry
from hospital.regulator.models import Upload
sums = Entry.objects.values("posting").annotate(sum=Sum("amount_fen")).exclude(sum=0)
talks = Message.objects.values("consultation").annotate(n=Count("pk"), last=Max("seq"))
print(json.dumps({
    "unbalanced postings": sums.count(),
    "gaps in conversations": talks.exclude(n=F("last")).count(),
    "feeds left": Pending.objects.using("trail").count(),
    "uploads quarantined": Upload.objects.filter(state="quarantined").count(),
    "paid": Charge.objects.filter(state="paid").count(),
}))
"""
