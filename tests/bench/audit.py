"""`bin/bench audit`: what the trail costs, as ratios of one run.

pgbench is looked for in the embedded PostgreSQL, then where Debian's `postgresql-15`
(`postgresql-contrib` of other releases) puts it: /usr/lib/postgresql/*/bin/pgbench.
"""

import os
import subprocess
import sys
from argparse import ArgumentParser

from tests.bench.measuring import machine, median
from tests.bench.servers import ROOT
from tests.bench.trailing import costs, rates, sealed, serving, tables

PARTS = ("rows", "service", "signing", "sealing")
FLAT = 1.25  # how much more memory ten times the events may take


def main(arguments: list[str]) -> int:
    parser = ArgumentParser("bin/bench audit")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--signings", type=int, default=60)
    parser.add_argument("--most", type=int, default=sealed.MANY, help="events to verify")
    parser.add_argument("--only", choices=PARTS, action="append")
    chosen = parser.parse_args(arguments)
    _prepare()
    parts = {
        "rows": lambda: _rows(chosen.rounds, chosen.seconds),
        "service": lambda: _service(chosen.rounds, chosen.seconds),
        "signing": lambda: _signing(chosen.signings),
        "sealing": lambda: _sealing(chosen.seconds, chosen.most),
    }
    missed = 0
    for name in chosen.only or PARTS:
        print(f"\n{name}: {machine()}")
        missed += not parts[name]()
    print(f"\nafterwards: {machine()}")
    return min(missed, 1)


def _prepare() -> None:
    """Migrate, load the formulary, make the design that is compared with."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "hospital.settings"
    manage = [sys.executable, "manage.py"]
    for command in (["migrate", "--database=owner", "-v0"], ["load_reference", "-v0"]):
        subprocess.run([*manage, *command], cwd=ROOT, check=True)
    import django  # noqa: PLC0415 - once the environment is complete

    django.setup()
    tables.make()


def _rows(rounds: int, seconds: int) -> bool:
    program = rates.pgbench()
    if program is None:
        print("  pgbench was not found: install postgresql-contrib (Debian: postgresql-15)")
        return False
    pairs = _in_turns(
        lambda side: rates.rate(
            program, rates.OURS if side == "ours" else rates.CHAINED, seconds=seconds
        ),
        rounds,
    )
    return _told(pairs, f"{rates.CLIENTS} clients of pgbench, transactions/s", target=3)


def _service(rounds: int, seconds: int) -> bool:
    pairs = _in_turns(lambda side: serving.rate(side, seconds=seconds), rounds)
    return _told(pairs, "2 processes with 8 threads, commits/s", target=None)


def _signing(times: int) -> bool:
    recorded, stubbed = costs.of_signing(times)
    ratio = recorded / stubbed
    print(f"  signing a prescription: CPU {recorded:.1f} ms, without its events {stubbed:.1f} ms")
    print(f"  ratio {ratio:.2f} {_verdict(ratio <= 1.25, 'at most 1.25')}")
    return ratio <= 1.25


def _sealing(seconds: int, most: int) -> bool:
    one = sealed.appending(seconds=seconds, together=1)
    many = sealed.appending(seconds=seconds, together=100)
    sealed.fill(sealed.FEW)
    count, sealing = sealed.sealing()
    few = sealed.verifying()
    print(f"  one process appends {one:.0f} events/s by itself, {many:.0f} a hundred at once")
    print(f"  sealed {count} at {sealing:.0f}/s, verified {few.size} at {few.rate:.0f}/s")
    seals, verifies = sealing / one, few.rate / one
    print(f"  sealing {seals:.1f} times appending {_verdict(seals >= 5, 'at least 5')}")
    print(f"  verifying {verifies:.1f} times appending {_verdict(verifies >= 10, 'at least 10')}")
    print(f"  (of a hundred at once: {sealing / many:.1f} and {few.rate / many:.1f} times)")
    sealed.fill(most - few.size)
    _count, again = sealed.sealing()
    full = sealed.verifying()
    grown = full.peak_mb / few.peak_mb
    print(f"  sealed up to {full.size} at {again:.0f}/s, verified at {full.rate:.0f}/s")
    print(f"  memory: {few.size} events {few.peak_mb:.0f} MB, {full.size} {full.peak_mb:.0f} MB")
    print(f"  grown {grown:.2f} times {_verdict(grown <= FLAT, f'at most {FLAT:g}')}")
    return seals >= 5 and verifies >= 10 and grown <= FLAT


def _in_turns(measure, rounds: int) -> list[tuple[float, float]]:
    pairs = []
    for turn in range(rounds):
        order = ("ours", "chained") if turn % 2 else ("chained", "ours")
        taken = {side: measure(side) for side in order}
        pairs.append((taken["ours"], taken["chained"]))
    return pairs


def _told(pairs: list[tuple[float, float]], what: str, *, target: float | None) -> bool:
    ratios = [ours / chained for ours, chained in pairs]
    ours, chained = (median([pair[i] for pair in pairs]) for i in (0, 1))
    print(f"  {what}: {ours:.0f}, each row chained under a lock {chained:.0f}")
    spread = f"({min(ratios):.2f}..{max(ratios):.2f})"
    met = target is None or median(ratios) >= target
    verdict = "" if target is None else _verdict(met, f"at least {target:g}")
    print(f"  ratio {median(ratios):.2f} {spread} {verdict}")
    return met


def _verdict(met: bool, target: str) -> str:
    return f"· {'met' if met else 'NOT MET'}: {target}"
