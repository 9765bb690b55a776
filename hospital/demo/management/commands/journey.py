"""Drive a running platform through the way of one follow-up, and through what it must refuse."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hospital.demo.journey import refusals
from hospital.demo.journey.cast import Pair, pairs
from hospital.demo.journey.outside import Outside
from hospital.demo.journey.person import Mismatch
from hospital.demo.journey.telling import Tale
from hospital.demo.journey.way import Way


class Command(BaseCommand):
    help = "One patient's whole way through a running platform, by its public doors only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default=settings.PUBLIC_URL)
        parser.add_argument("--simulators", default=settings.SIMULATORS_URL)
        parser.add_argument("--demo", default=str(settings.DATA_DIR / "demo.json"))
        parser.add_argument("--at-once", type=int, default=1, help="so many side by side")
        parser.add_argument("--times", type=int, default=1, help="so many one after the other")
        parser.add_argument("--no-refusals", action="store_true")
        parser.add_argument("--persevere", action="store_true", help="try again while it is away")
        parser.add_argument("--json", help="write the seconds of every step here")

    def handle(self, *_args: Any, **options: Any) -> None:
        logins = json.loads(Path(options["demo"]).read_text(encoding="utf-8"))["logins"]
        many = options["at_once"]
        staff = pairs(options["url"], logins, many, perseveres=options["persevere"])
        outside = Outside(options["simulators"])
        began = time.perf_counter()
        with ThreadPoolExecutor(max_workers=many) as pool:
            runs = [
                pool.submit(self._run, pair, outside, i, options) for i, pair in enumerate(staff)
            ]
            tales = [tale for run in runs for tale in run.result()]
        took = time.perf_counter() - began
        self.stdout.write(f"{len(tales)} 次全程走通 journeys done in {took:.1f} s")
        if options["json"]:
            report = {"seconds": took, "journeys": [tale.seconds for tale in tales]}
            Path(options["json"]).write_text(
                json.dumps(report, ensure_ascii=False), encoding="utf-8"
            )

    def _run(
        self, pair: Pair, outside: Outside, number: int, options: dict[str, Any]
    ) -> list[Tale]:
        tales = []
        for turn in range(options["times"]):
            tale = Tale(f"[{number + 1}.{turn + 1}]")
            try:
                Way(options["url"], outside, pair, tale).walk()
                if not options["no_refusals"]:
                    refusals.first_visit(options["url"], outside, pair, tale)
                    refusals.young_child(options["url"], outside, pair, tale)
                    refusals.terminated(options["url"], outside, pair, tale)
            except (Mismatch, TimeoutError) as mismatch:
                raise CommandError(f"{tale.name} {mismatch}") from mismatch
            tales.append(tale)
        return tales
