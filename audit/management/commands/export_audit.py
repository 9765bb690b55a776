"""Writes a bundle of sealed events that anybody can check with the public key alone."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from audit import proving, tree


class Command(BaseCommand):
    help = "Exports sealed events with their proofs; see audit/proving.py for the format."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="the file to write")
        parser.add_argument("--from", type=int, default=0, dest="low", help="the first leaf")
        parser.add_argument("--to", type=int, dest="high", help="the leaf after the last")
        parser.add_argument("--stream", type=UUID, help="the events of one visit")
        parser.add_argument("--about", type=UUID, help="the events about one patient")

    def handle(self, *_args: Any, **given: Any) -> None:
        out: Path = given["out"]
        count = 0
        with out.open("w", encoding="utf-8") as file:
            for line in _bundle(given):
                file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
                count += "leaf" in line
        self.stdout.write(f"{out}: {count} leaves")


def _bundle(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    head = tree.newest_head()
    if head is None:
        raise CommandError("Nothing is sealed yet.")
    if given["stream"] and given["about"]:
        raise CommandError("Either --stream or --about.")
    if given["stream"]:
        return proving.bundle_of_stream(given["stream"])
    if given["about"]:
        return proving.bundle_about(given["about"])
    low, high = given["low"], head.size if given["high"] is None else given["high"]
    if not 0 <= low < high <= head.size:
        raise CommandError(f"--from and --to lie between 0 and {head.size}.")
    return proving.bundle_of_range(low, high)
