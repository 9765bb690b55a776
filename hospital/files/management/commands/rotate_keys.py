"""Change the field key, or forget an old one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hospital.files import rotating
from hospital.kernel.refusals import Refused


class Command(BaseCommand):
    help = (
        "Makes a new field key and seals every encrypted column and file under it, while the"
        " platform runs. Goes on where it was interrupted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--add", action="store_true", help="only make the key; use it next time")
        one.add_argument("--retire", metavar="KEY", help="forget an old key that seals nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["add"]:
                self.stdout.write(f"{rotating.add_key()} is made and not in use yet")
            elif options["retire"]:
                rotating.retire(options["retire"], say=self._say)
            else:
                self._rotate()
        except Refused as refusal:
            raise CommandError(str(refusal.message)) from refusal

    def _rotate(self) -> None:
        outcome = rotating.rotate(say=self._say)
        self._say(f"{outcome.rows} rows and {outcome.files} files are sealed under {outcome.key}")
        for each in sorted(outcome.damaged):
            self.stderr.write(f"no key opens {each}")
        if not outcome.is_whole:
            raise CommandError(f"{outcome.left} are left; {len(outcome.damaged)} are damaged.")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
