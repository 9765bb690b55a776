"""`bin/bench records`: the one-page record, and what stands behind it, in a hospital of full size.

The door is called as a server calls it, with all that stands around it, in this process; beside it
the same answer by hand. `--small` is a hundredth of the size, to try it.
"""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, Final

from tests.bench.measuring import cpu_seconds, in_turns, machine, median, postgres_pids, told
from tests.bench.recalling import importing
from tests.bench.servers import prepare, server

PARTS: Final = ("copying", "record", "reports", "beside", "import")
SIZE, SMALL = (400_000, 5_000_000), (4_000, 50_000)
PASTS: Final = {"long": 0, "some": 100, "short": 3}  # whose record is read, by their number
QUERIES, BY_HAND, OF_COPY, OF_PLAIN = 12, 3.0, 0.3, 3.0


def main(arguments: list[str]) -> int:
    parser = ArgumentParser("bin/bench records")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--times", type=int, default=100, help="answers in a round")
    parser.add_argument("--only", choices=PARTS, action="append")
    chosen = parser.parse_args(arguments)
    prepare("hospital.settings")
    parts: dict[str, Callable[[], bool]] = {
        "copying": lambda: _copying(*(SMALL if chosen.small else SIZE)),
        "record": lambda: _record(chosen.rounds, chosen.times),
        "reports": lambda: _reports(chosen.rounds, chosen.times),
        "beside": lambda: _beside(chosen.rounds),
        "import": lambda: bool(importing.run((1000, 5000) if chosen.small else importing.SIZES)),
    }
    missed = 0
    for name in PARTS:
        if name == "copying" or name in (chosen.only or PARTS):
            print(f"\n{name}: {machine()}", flush=True)
            missed += not parts[name]()
    print(f"\nafterwards: {machine()}")
    return min(missed, 1)


def _copying(people: int, observations: int) -> bool:
    """Made, sealed and copied; then the very same rows only copied, into tables like theirs."""
    from hospital.demo import scale  # noqa: PLC0415 - needs the apps
    from hospital.kernel.clock import database_now  # noqa: PLC0415
    from tests.bench.recalling import copied  # noqa: PLC0415

    done = scale.copy_in(scale.Town(people, observations, database_now()), tell=lambda _d: None)
    print(f"  {done.total} rows of {done.people} people, {done.rate:.0f} a second", flush=True)
    bare = copied.rate([table.name for table in scale.TABLES])
    return _met(f"  of COPY alone ({bare:.0f} a second)", done.rate / bare, OF_COPY, at_most=False)


def _record(rounds: int, times: int) -> bool:
    from tests.bench.recalling import byhand, cast  # noqa: PLC0415 - needs the apps

    doctor, met = cast.Doctor(), True
    for name, number in PASTS.items():
        patient = cast.patient(number, doctor)
        path = f"/api/v1/patients/{patient.public_id}/record"
        hand = str(patient.public_id)
        assert byhand.same(doctor.get(path, "why=care"), byhand.record(hand)), name
        for what, address in (("JSON", path), ("page", f"/record/{patient.public_id}/")):
            asked = doctor.queries(address, "why=care")
            print(f"  {name}, {what}: {asked.all} queries, {asked.record} of the record itself")
            met &= asked.record <= QUERIES
        ratios = _ratios(
            lambda path=path: doctor.get(path, "why=care"),
            lambda hand=hand: byhand.record(hand),
            rounds,
            times,
        )
        met &= _met(f"  {name}: CPU of the door by that by hand", ratios, BY_HAND, at_most=True)
    return met


def _reports(rounds: int, times: int) -> bool:
    """The longest list of reports: a page far down, and both beside a plain list of the same; and
    one that does less, for it counts nothing abnormal."""
    from tests.bench.recalling import cast  # noqa: PLC0415 - needs the apps

    family = cast.Account(PASTS["long"])
    path = f"/api/v1/patients/{family.patient.public_id}/reports"
    far, pages = family.far_down(path, pages=20)
    ratios = _ratios(lambda: family.get(path, far), lambda: family.get(path, ""), rounds, times)
    met = _met(f"  CPU of a page {pages} down by that of the first", ratios, 1.25, at_most=True)
    plain = path.replace("/api/v1/", "/api/v1/plain/")
    postgres = postgres_pids()
    with server("bridge", "tests.bench.recalling.platform", "/robots.txt") as (base, pid):
        for name, ours, other in (
            ("the first page", path, plain),
            (f"{pages} pages down", f"{path}?{far}", f"{plain}?offset={20 * pages}"),
        ):
            less = base + other.replace("/plain/", "/less/")
            sides = {"JSON": base + ours, "plain": base + other, "less": less}
            taken = in_turns(sides, rounds, 3, pid, postgres, Cookie=family.cookie)
            met &= not told(name, taken, OF_PLAIN, besides={"less"})
    return met


def _beside(rounds: int) -> bool:
    """Rates beside a Node server that answers from the same rows; they hold no target."""
    from tests.bench.recalling import beside, cast  # noqa: PLC0415 - needs the apps

    doctor, pairs = cast.Doctor(), {}
    for name, number in PASTS.items():
        one = cast.patient(number, doctor).public_id
        door = f"/api/v1/patients/{one}/record?why=care"
        pairs[f"record, {name}"] = (door, doctor.cookie, f"/record/{one}")
    family = cast.Account(PASTS["long"])
    one = family.patient.public_id
    pairs["reports"] = (f"/api/v1/patients/{one}/reports", family.cookie, f"/reports/{one}")
    beside.compare(pairs, rounds, seconds=3)
    return True


def _ratios(
    ours: Callable[[], object], other: Callable[[], object], rounds: int, times: int
) -> list[float]:
    """CPU of this process and of PostgreSQL, in turns; also printed."""
    taken: list[tuple[float, float]] = []
    for _warm in range(10):
        ours(), other()
    for turn in range(rounds):
        sides: list[Any] = [ours, other]
        cpu = {side: _cpu(side, times) for side in (sides if turn % 2 else sides[::-1])}
        taken.append((cpu[ours], cpu[other]))
    first, second = (median([pair[i] for pair in taken]) for i in (0, 1))
    print(f"    {first * 1e3:.2f} ms against {second * 1e3:.2f} ms, PostgreSQL's among them")
    return [one / two for one, two in taken]


def _cpu(act: Callable[[], object], times: int) -> float:
    """Seconds an act takes of both."""
    postgres = postgres_pids()
    before, began = cpu_seconds(postgres), time.process_time()
    for _time in range(times):
        act()
    return (time.process_time() - began + cpu_seconds(postgres) - before) / times


def _met(what: str, measured: float | list[float], target: float, *, at_most: bool) -> bool:
    many = measured if isinstance(measured, list) else [measured]
    middle = median(many)
    met = middle <= target if at_most else middle >= target
    side = "at most" if at_most else "at least"
    print(
        f"{what}: {middle:.2f} ({min(many):.2f}..{max(many):.2f})"
        f" · {'met' if met else 'NOT MET'}: {side} {target:g}",
        flush=True,
    )
    return met
