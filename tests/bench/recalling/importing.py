"""A long import over FHIR: its rate beside that of parsing alone, and what memory it takes.

Each size is imported in a process of its own, so that the peak of its memory is its own. The
hospital is played in this process: pages are made as they are asked for, and the time that takes
is taken off both rates.
"""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from tests.bench.measuring import machine
from tests.bench.servers import ROOT

SIZES: Final = (10_000, 100_000)
PEOPLE: Final = 500
START: Final = datetime(2026, 1, 1, tzinfo=UTC)
STEP: Final = timedelta(milliseconds=10)  # from one change to the next
ITEMS: Final = (("2823-3", "血钾", "mmol/L", 3.5, 5.3), ("14682-9", "血肌酐", "μmol/L", 57, 97))


class Hospital:
    """Answers `GET /Observation` and `GET /Patient` page by page, oldest change first."""

    def __init__(self, observations: int) -> None:
        self.sizes = {"Patient": PEOPLE, "Observation": observations}
        self.seconds = 0.0  # spent on making pages

    def answer(self, _method: str, url: str, *, params: dict[str, str], **_how: Any) -> Any:
        import httpx  # noqa: PLC0415 - in the measured process alone

        began = time.perf_counter()
        body = self.page(url.rpartition("/")[2], params)
        self.seconds += time.perf_counter() - began
        return httpx.Response(200, content=body)

    def page(self, kind: str, params: dict[str, str]) -> bytes:
        since = params.get("_lastUpdated", "")[2:]
        first = max(0, -((START - datetime.fromisoformat(since)) // STEP)) if since else 0
        last = min(first + int(params["_count"]), self.sizes[kind])
        make = _patient if kind == "Patient" else _observation
        entries = ",".join(f'{{"resource":{make(n)}}}' for n in range(first, last))
        more = last < self.sizes[kind]
        link = '[{"relation":"next","url":"more"}]' if more else "[]"
        total = self.sizes[kind]
        return (
            f'{{"resourceType":"Bundle","total":{total},"link":{link},"entry":[{entries}]}}'
        ).encode()


def _meta(number: int) -> str:
    at = (START + number * STEP).isoformat(timespec="milliseconds")
    return f'"meta":{{"versionId":"1","lastUpdated":"{at}"}}'


def _patient(number: int) -> str:
    return (
        f'{{"resourceType":"Patient","id":"bench-{number}",{_meta(number)},'
        f'"name":[{{"text":"量测人"}}],"gender":"female","birthDate":"1960-01-01"}}'
    )


def _observation(number: int) -> str:
    code, name, unit, low, high = ITEMS[number % len(ITEMS)]
    return (
        f'{{"resourceType":"Observation","id":"bench-o{number}",{_meta(number)},"status":"final",'
        f'"code":{{"coding":[{{"system":"http://loinc.org","code":"{code}","display":"{name}"}}],'
        f'"text":"{name}"}},"subject":{{"reference":"Patient/bench-{number % PEOPLE}"}},'
        f'"effectiveDateTime":"2025-06-01T08:00:00+08:00",'
        f'"valueQuantity":{{"value":{number % 90 / 10 + 1},"unit":"{unit}"}},'
        f'"referenceRange":[{{"low":{{"value":{low}}},"high":{{"value":{high}}}}}]}}'
    )


def run(sizes: tuple[int, ...] = SIZES) -> list[dict[str, float]]:
    """Import each size once; what was measured, also printed."""
    print(f"\nimport: {machine()}")
    told = []
    for size in sizes:
        out = subprocess.run(
            [sys.executable, "-m", "tests.bench.recalling.importing", str(size)],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "hospital.settings"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        one = json.loads(out.splitlines()[-1])
        told.append(one)
        print(
            f"  {size:7} resources: {one['rate']:5.0f} a second, parsed alone "
            f"{one['parsing']:6.0f} a second ({one['rate'] / one['parsing']:.2f} of it), "
            f"CPU {one['cpu_us']:.0f} µs each, "
            f"peak {one['peak_mb']:.0f} MB, before {one['before_mb']:.0f} MB"
        )
    growth = told[-1]["peak_mb"] - told[0]["peak_mb"]
    print(f"  {growth:+.1f} MB from {sizes[0]} to {sizes[-1]} resources; afterwards: {machine()}")
    return told


def measured(size: int) -> dict[str, float]:
    """In a process of its own, with the platform set up."""
    from django.utils.timezone import now  # noqa: PLC0415

    from hospital.his import gateways, services  # noqa: PLC0415
    from hospital.his.models import Cursor, Observation, Person  # noqa: PLC0415

    parsing = _parsing(size)
    hospital = Hospital(size)
    gateways.outward.request = lambda method, url, **how: hospital.answer(  # type: ignore[assignment]
        method, url, params=how["params"]
    )
    Cursor.objects.filter(resource__in=hospital.sizes).delete()
    services.pull("Patient", at=now())
    before, hospital.seconds, began = _peak_mb(), 0.0, time.perf_counter()
    cpu = time.process_time()
    taken = services.pull("Observation", at=now())
    seconds = time.perf_counter() - began - hospital.seconds
    cpu = time.process_time() - cpu
    peak = _peak_mb()
    assert taken.rows >= size, f"{taken.rows} of {size}"
    assert not taken.quarantined
    for table in (Observation, Person):
        rows = table.objects.filter(fhir_id__startswith="bench-")
        rows._raw_delete(rows.db)
    Cursor.objects.filter(resource__in=hospital.sizes).delete()
    return {
        "rate": size / seconds,
        "cpu_us": cpu / size * 1e6,
        "parsing": parsing,
        "before_mb": before,
        "peak_mb": peak,
    }


def _parsing(size: int) -> float:
    """Resources a second, when the same pages are only parsed and read."""
    from hospital.his import reading  # noqa: PLC0415

    hospital, seconds, at, done = Hospital(size), 0.0, START, 0
    while done < size:
        params = {"_count": "200", "_lastUpdated": f"ge{at.isoformat()}"}
        body = hospital.page("Observation", params)
        began = time.perf_counter()
        bundle = json.loads(body, parse_float=Decimal)
        for entry in bundle["entry"]:
            reading.read("Observation", entry["resource"])
        seconds += time.perf_counter() - began
        done += len(bundle["entry"])
        at = START + done * STEP
    return size / seconds


def _peak_mb() -> float:
    """Of this program alone: what `getrusage` tells began before it was loaded."""
    told = Path("/proc/self/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measured(int(sys.argv[1]))))
