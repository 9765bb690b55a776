"""Fill or freshen the mirror of the hospital's system, and say how far it has come."""

from functools import partial
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hospital.his import services
from hospital.his.models import Cursor
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Unavailable

EVERY: Final = 50  # pages, where nobody watches


class Command(BaseCommand):
    help = "Pull everything that changed in the hospital's system into the mirror."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", choices=services.RESOURCES, help="one kind of resource")

    def handle(self, *_args: Any, **options: Any) -> None:
        at = database_now()
        kinds = [options["only"]] if options["only"] else services.RESOURCES
        for number, kind in enumerate(kinds, 1):
            head = f"{self._start()}[{number}/{len(kinds)}] {kind:<20}"
            try:
                taken = services.pull(kind, at=at, told=partial(self._tell, head))
            except Unavailable as silence:
                raise CommandError(f"{kind}: {silence.message}") from silence
            aside = f"，隔离 {taken.quarantined}" if taken.quarantined else ""
            self.stdout.write(f"{head}{taken.rows} 条{aside}")

    def _tell(self, head: str, cursor: Cursor) -> None:
        """One line that is written over, where somebody watches; a line now and then elsewhere."""
        done = cursor.rows + cursor.aside
        of = f"/{cursor.expected}" if cursor.expected else ""
        rate = f"，每秒 {cursor.rate:.0f} 条" if cursor.rate else ""
        line = f"{head}{done}{of} 条，{cursor.pages} 页{rate}"
        if self._start():
            self.stdout.write(line, ending="")
            self.stdout.flush()
        elif cursor.pages % EVERY == 0:
            self.stdout.write(line)

    def _start(self) -> str:
        """What takes the cursor back to the beginning of the line, where there is one."""
        return "\r" if self.stdout.isatty() else ""
