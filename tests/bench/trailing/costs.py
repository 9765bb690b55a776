"""The CPU of `prescriptions.services.sign`, with its events and without."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from tests.bench.measuring import median


def of_signing(times: int) -> tuple[float, float]:
    """Milliseconds of process time: with `audit.record` and with a stub, taken in turns."""
    from prescriptions import services  # noqa: PLC0415 - needs the apps
    from tests import prescribing  # noqa: PLC0415
    from tests.conftest import NOON  # noqa: PLC0415

    cast = prescribing.cast()
    taken: dict[str, list[float]] = {"recorded": [], "stubbed": []}
    for turn in range(2 * times + 4):
        side = ("recorded", "stubbed")[turn % 2]
        draft = prescribing.draft(cast)
        with stubbed() if side == "stubbed" else patch.dict({}):
            began = time.process_time()
            services.sign(draft, by=cast.doctor.user, at=NOON)
            took = time.process_time() - began
        if turn >= 4:  # the first ones warm up
            taken[side].append(took)
        services.void(draft, by=cast.doctor.user, at=NOON + timedelta(seconds=1))
    return median(taken["recorded"]) * 1000, median(taken["stubbed"]) * 1000


@contextmanager
def stubbed() -> Iterator[None]:
    """Nobody records anything, wherever `audit.record` has been imported by name."""
    from audit.models import Event  # noqa: PLC0415
    from audit.services import record  # noqa: PLC0415

    def stub(kind: str, *, at: Any, **_more: Any) -> Event:
        return Event(pk=0, kind=kind, at=at)

    places = [
        (module, name)
        for module in list(sys.modules.values())
        for name, value in list(getattr(module, "__dict__", {}).items())
        if value is record
    ]
    assert len(places) > 2, "audit.record is imported nowhere"
    for module, name in places:
        setattr(module, name, stub)
    try:
        yield
    finally:
        for module, name in places:
            setattr(module, name, record)
