"""Fill the database to the size of a large hospital; goes on where it was. Not in production."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hospital.demo import scale
from hospital.kernel.clock import database_now

EVERY = 20  # batches, where nobody watches


class Command(BaseCommand):
    help = "Copy hundreds of thousands of made-up patients with their past into the database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patients", type=int, default=400_000)
        parser.add_argument("--observations", type=int, default=5_000_000)

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("造出来的患者不能进生产环境。Made-up patients: not in production.")
        if not 0 < options["patients"] <= scale.MOST or options["observations"] < 0:
            raise CommandError(f"患者 1 到 {scale.MOST} 人。Between 1 and {scale.MOST} patients.")
        town = scale.Town(options["patients"], options["observations"], database_now())
        there = scale.already()
        if there:
            self.stdout.write(f"已有 {there} 人，从这里继续。{there} people are there; going on.")
        try:
            done = scale.copy_in(town, tell=self._tell)
        except scale.AnotherTown as another:
            raise CommandError(
                "已有的人是用别的数目造的。Who is there was begun with other numbers."
            ) from another
        self.stdout.write(self._line(done))
        for name, rows in done.rows.items():
            self.stdout.write(f"    {name:<24} {rows}")

    def _tell(self, done: scale.Progress) -> None:
        """One line that is written over, where somebody watches; a line now and then elsewhere."""
        if self.stdout.isatty():
            self.stdout.write(f"\r{self._line(done)}", ending="")
            self.stdout.flush()
        elif done.batches % EVERY == 0:
            self.stdout.write(self._line(done))

    def _line(self, done: scale.Progress) -> str:
        left = f"，还需约 {done.left:.0f} s" if done.left else ""
        return (
            f"{done.people}/{done.of} 人，{done.total} 行，每秒 {done.rate:.0f} 行{left} "
            f"({done.people} of {done.of} people, {done.rate:.0f} rows a second)"
        )
