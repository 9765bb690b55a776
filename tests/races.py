"""Several at once, each in a thread and connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, connections

from hospital.kernel.refusals import Refused


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run them all from one moment on; what each came to, refusals included."""
    together = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            together.wait()
            return work()
        except (Refused, DatabaseError) as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
