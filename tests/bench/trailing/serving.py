"""The same two designs through the service: a row of the ORM and its event, many at once."""

import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from uuid import uuid4

PROCESSES, THREADS = 2, 8  # 16 at once


def rate(side: str, *, seconds: float) -> float:
    """Commits a second of 2 processes with 8 threads each."""
    pool = ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"))
    with pool:
        list(pool.map(_warm, range(PROCESSES)))
        counts = list(pool.map(_process, [side] * PROCESSES, [seconds] * PROCESSES))
    return sum(counts) / seconds


def _warm(_number: int) -> None:
    import django  # noqa: PLC0415 - in a process of its own

    django.setup()
    time.sleep(0.5)  # so that each process takes one


def _process(side: str, seconds: float) -> int:
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(THREADS) as threads:
        return sum(threads.map(_thread, [side] * THREADS, [until] * THREADS))


def _thread(side: str, until: float) -> int:
    from django.db import connection  # noqa: PLC0415 - once the apps are there

    act = {"ours": _ours, "chained": _chained}[side]
    done = 0
    try:
        while time.monotonic() < until:
            act()
            done += 1
    finally:
        connection.close()
    return done


def _ours() -> None:
    from django.db import transaction  # noqa: PLC0415

    from audit import services as audit  # noqa: PLC0415
    from hospital.kernel.clock import database_now  # noqa: PLC0415

    at, person = database_now(), uuid4()
    with transaction.atomic():
        _business(at)
        audit.record(
            "bench.act", by=None, on=None, at=at, about=person, stream=person, before="draft",
            after="signed", number="RX2026031000001", version=1,
        )  # fmt: skip


def _chained() -> None:
    from django.db import connection, transaction  # noqa: PLC0415

    from hospital.kernel.canonical import canonical, digest  # noqa: PLC0415
    from hospital.kernel.clock import database_now  # noqa: PLC0415

    at, person = database_now(), uuid4()
    facts = {"before": "draft", "after": "signed", "number": "RX2026031000001", "version": 1}
    with transaction.atomic():
        _business(at)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT bench_append(%s, 'bench.act', NULL, '', %s, %s, %s::jsonb, '', NULL, '',"
                " '', '', %s, %s)",
                [at, person, person, canonical(facts), digest("draft"), digest("signed")],
            )


def _business(at: object) -> None:
    from hospital.accounts.models import Guess  # noqa: PLC0415 - the smallest row there is

    Guess.objects.create(key=uuid4().hex, since=at, count=1)
