"""`bin/bench doctors`: finding a doctor among 5 000, with 400 000 patients behind them.

Our doors against the plain list of Django REST framework, on the same rows in the same stack, in
turns; and how many queries the pages take.
"""

from argparse import ArgumentParser
from typing import Final
from urllib.parse import quote

from tests.bench.finding import town
from tests.bench.measuring import in_turns, machine, postgres_pids, told
from tests.bench.servers import prepare, server

TARGET: Final = 3.0
LIST_QUERIES, SETTINGS_QUERIES = 6, 10
_PLAIN: Final = "/api/v1/plain/doctors"
_WORD: Final = quote("陈伟")
PAIRS: Final = {  # what: our addresses, and the plain one with the same rows
    "department": (
        {"JSON": "/api/v1/doctors?department=CARD", "page": "/doctors/?department=CARD"},
        f"{_PLAIN}?department=CARD",
    ),
    "search": (
        {"JSON": f"/api/v1/doctors?q={_WORD}", "page": f"/doctors/?q={_WORD}"},
        f"{_PLAIN}?search={_WORD}",
    ),
    "everybody": ({"JSON": "/api/v1/doctors", "page": "/doctors/"}, _PLAIN),
    "far down": (
        {"JSON": "/api/v1/doctors?after={after}", "page": "/doctors/?after={after}"},
        f"{_PLAIN}?offset=4000",
    ),
}


def main(arguments: list[str]) -> int:
    parser = ArgumentParser("bin/bench doctors")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--only", choices=PAIRS, action="append")
    parser.add_argument("--explain", action="store_true", help="show the plans and stop")
    chosen = parser.parse_args(arguments)
    prepare("tests.bench.finding.platform")
    town.build()
    print(f"{town.DOCTORS} doctors, {town.PATIENTS} patients and visits: {machine()}")
    after = str(_far_down())
    if chosen.explain:
        return _explain(after)
    missed = _queries(after)
    print(f"\nrates: {machine()}")
    postgres = postgres_pids()
    with server("bridge", "tests.bench.finding.platform", "/robots.txt") as (base, pid):
        for name in chosen.only or PAIRS:
            ours, plain = PAIRS[name]
            sides = {k: base + v.format(after=after) for k, v in ours.items()}
            taken = in_turns(
                sides | {"plain": base + plain}, chosen.rounds, chosen.seconds, pid, postgres
            )
            missed += told(name, taken, TARGET)
    print(f"\nafterwards: {machine()}")
    return min(missed, 1)


def _far_down() -> object:
    from hospital.consultations import selectors  # noqa: PLC0415 - needs the apps
    from hospital.kernel.clock import database_now  # noqa: PLC0415

    return selectors.doctors(database_now())[3999].public_id


def _queries(after: str) -> int:
    """How many queries the pages take, the clock and the session among them."""
    from django.db import connection  # noqa: PLC0415 - needs the apps
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: PLC0415

    from doctors.models import Clinician  # noqa: PLC0415
    from patients.models import Link  # noqa: PLC0415
    from tests.make import sitting_of  # noqa: PLC0415

    setup_test_environment()  # for the name of the host that its client asks
    doctor = Clinician.objects.get(pk=town.BASE + 1)
    patient = sitting_of(Link.objects.earliest("pk").account)
    tries = [
        ("a visitor's list", Client(), f"/doctors/?after={after}", LIST_QUERIES),
        ("a patient's list", patient, f"/doctors/?after={after}", LIST_QUERIES),
        ("a department's", patient, "/doctors/?department=CARD", LIST_QUERIES),
        ("a search", patient, "/doctors/?q=csy", LIST_QUERIES),
        ("departments", patient, "/departments/", LIST_QUERIES),
        ("staff", Client(), "/staff/?q=csy", LIST_QUERIES),
        ("settings", sitting_of(doctor.user), "/doctor/settings/", SETTINGS_QUERIES),
    ]
    missed = 0
    for what, client, address, most in tries:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200, address
        met = len(seen) <= most
        missed += not met
        print(f"  {what}: {len(seen)} queries {'' if met else f'NOT MET: at most {most}'}")
    return missed


def _explain(after: str) -> int:
    """The plans of the lists' own query."""
    from uuid import UUID  # noqa: PLC0415

    from hospital.consultations import selectors  # noqa: PLC0415 - needs the apps
    from hospital.consultations.selectors import Wish  # noqa: PLC0415
    from hospital.kernel.clock import database_now  # noqa: PLC0415
    from patients.models import Link  # noqa: PLC0415

    at, user = database_now(), Link.objects.earliest("pk").account
    for what, rows in {
        "department": selectors.doctors(at, Wish(department="CARD")),
        "search": selectors.doctors(at, Wish(words="csy")),
        "everybody": selectors.doctors(at),
        "far down": selectors.doctors(at, after=UUID(after)),
        "a patient's": selectors.doctors(at, user=user),
        "with places": selectors.doctors(at, Wish(only=frozenset({"places"}))),
    }.items():
        print(f"\n--- {what}\n{rows[:21].explain(analyze=True, buffers=False)}")
    return 0
