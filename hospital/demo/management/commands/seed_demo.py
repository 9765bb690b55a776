"""Fill a demonstration with its cast. Refuses in production; safe to run again."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hospital.demo.seeding import seed
from hospital.kernel.calendar import BEIJING
from hospital.kernel.clock import database_now


class Command(BaseCommand):
    help = "Seed the demonstration's cast and world; writes every login, secret and id it made."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", default=str(settings.DATA_DIR / "demo.json"))
        parser.add_argument("--at", help="when it is seeded as of, ISO 8601; now by default")

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "演示数据不能进生产环境。Demonstration data is refused in production."
            )
        at = database_now()
        if options["at"]:
            at = datetime.fromisoformat(options["at"])
            at = at if at.tzinfo else at.replace(tzinfo=BEIJING)
        world = seed(at=at, tell=lambda line: self.stdout.write(f"    {line}"))
        path = Path(options["json"])
        path.write_text(json.dumps(world, ensure_ascii=False, indent=2), encoding="utf-8")
        path.chmod(0o600)
