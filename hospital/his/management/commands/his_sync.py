"""Fill or freshen the mirror of the hospital's system, and say how far it has come."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hospital.his import services
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Unavailable


class Command(BaseCommand):
    help = "Pull everything that changed in the hospital's system into the mirror."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", choices=services.RESOURCES, help="one kind of resource")

    def handle(self, *_args: Any, **options: Any) -> None:
        at = database_now()
        kinds = [options["only"]] if options["only"] else services.RESOURCES
        for number, kind in enumerate(kinds, 1):
            self.stdout.write(f"[{number}/{len(kinds)}] {kind:<20}", ending="")
            self.stdout.flush()
            try:
                taken = services.pull(kind, at=at)
            except Unavailable as silence:
                raise CommandError(f"{kind}: {silence.message}") from silence
            aside = f"，隔离 {taken.quarantined}" if taken.quarantined else ""
            self.stdout.write(f"{taken.rows} 条{aside}")
