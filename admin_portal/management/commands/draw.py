"""Writes docs/access.md, docs/lifecycles.md and docs/rules.md from the code."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from admin_portal.drawing import access_page, lifecycles_page, rules_page

PAGES = {"access.md": access_page, "lifecycles.md": lifecycles_page, "rules.md": rules_page}


class Command(BaseCommand):
    help = "Draw the access table, the lifecycles and the rules into docs/."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for name, page in PAGES.items():
            Path(settings.BASE_DIR, "docs", name).write_text(page(), encoding="utf-8")
            self.stdout.write(f"docs/{name}")
