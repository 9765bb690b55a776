"""How fast events are appended, sealed and verified, and how much memory verifying takes."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from uuid import UUID

from tests.bench.servers import ROOT

FEW, MANY = 100_000, 1_000_000
_FILL = """
INSERT INTO audit_event (at, kind, outcome, actor, role, ip, session, request_id, door, subject,
    about, stream, before, after, facts)
SELECT clock_timestamp(), 'bench.act', 'done', md5((i %% 500)::text)::uuid, 'doctor', '10.0.0.1',
    md5('session'), md5(i::text), 'POST api/v1/prescriptions/<uuid>/sign',
    'bench.act:' || md5(i::text), md5((i %% 9000)::text)::uuid, md5((i %% 70000)::text)::uuid,
    md5('before') || md5('after'), md5('after') || md5('before'),
    '{"before": "draft", "after": "signed", "number": "RX2026031000001", "version": 1}'
FROM generate_series(1, %s) AS i
"""
_VERIFY = """
import json, resource, sys, time
import django; django.setup()
from pathlib import Path
from django.conf import settings
from audit.verifying import verify
from hospital.kernel.clock import database_now
began = time.monotonic()
verdict = verify(at=database_now(), anchors=Path(settings.AUDIT_ANCHOR_DIR))
took = time.monotonic() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([verdict.is_true, verdict.size, took, peak]))
"""


@dataclass(frozen=True)
class Verified:
    size: int
    seconds: float
    peak_mb: float

    @property
    def rate(self) -> float:
        return self.size / self.seconds


def appending(*, seconds: float, together: int) -> float:
    """Events a second through `audit.services.record`, so many in one transaction, one process."""
    from django.db import transaction  # noqa: PLC0415 - needs the apps

    from audit import services as audit  # noqa: PLC0415
    from hospital.kernel.clock import database_now  # noqa: PLC0415

    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        at = database_now()
        with transaction.atomic():
            for _ in range(together):
                audit.record(
                    "bench.act", by=None, on=None, at=at, about=UUID(int=1), stream=UUID(int=2),
                    before="draft", after="signed", number="RX2026031000001", version=1,
                )  # fmt: skip
        done += together
    return done / seconds


def fill(events: int) -> None:
    from django.db import connections  # noqa: PLC0415

    with connections["owner"].cursor() as cursor:
        cursor.execute(_FILL, [events])


def sealing() -> tuple[int, float]:
    """How many events were sealed, and how many a second."""
    from audit import sealing as sealer  # noqa: PLC0415
    from hospital.kernel.clock import database_now  # noqa: PLC0415

    began = time.monotonic()
    sealed = sealer.seal(database_now())
    return sealed, sealed / (time.monotonic() - began)


def verifying() -> Verified:
    """In a process of its own, whose peak of memory is nobody else's."""
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _VERIFY],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode:
        raise RuntimeError(said.stderr)
    is_true, size, seconds, peak = json.loads(said.stdout.splitlines()[-1])
    assert is_true, "the trail of the bench is not whole"
    return Verified(size, seconds, peak / 1024)
