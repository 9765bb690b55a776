"""Compare charges, ledger and trail; exit code 1 where they disagree."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hospital.payments import verifying


class Command(BaseCommand):
    help = "Checks that the books are whole: every charge as the ledger and the trail tell it."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = 0
        for sentence in verifying.disagreements():
            found += 1
            self.stdout.write(sentence)
        if found:
            raise CommandError(f"{found} disagreements")
        self.stdout.write("charges, ledger and trail agree")
