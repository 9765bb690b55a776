"""Fails where the English translation lacks a sentence, doubts one, or was not compiled.

Mend with `bin/manage update_translations`, then fill in what it left empty.
"""

import subprocess
from gettext import GNUTranslations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.management.commands.makemessages import Command as MakeMessages

from hospital.web.catalogue import ENGLISH, NOT_OURS


class _Collect(MakeMessages):
    """Collects what `makemessages` would, and leaves the translations as they are."""

    found = ""

    def write_po_file(self, potfile: str, locale: str) -> None:
        type(self).found = Path(potfile).read_text(encoding="utf-8")


class Command(BaseCommand):
    help = "Check that the English translation is complete, certain and compiled."

    def handle(self, *_args: Any, **_options: Any) -> None:
        _Collect().run_from_argv(["manage.py", "makemessages", "-l", "en", "-v", "0", *NOT_OURS])
        with TemporaryDirectory() as folder:
            template, compiled = Path(folder) / "django.pot", Path(folder) / "django.mo"
            template.write_text(_Collect.found, encoding="utf-8")
            self._run("msgcmp", str(ENGLISH), str(template))
            self._run("msgfmt", "--check-format", "-o", str(compiled), str(ENGLISH))
            if _sentences(compiled) != _sentences(ENGLISH.with_suffix(".mo")):
                raise CommandError("django.mo is older than django.po: run update_translations.")

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        if done.returncode:
            raise CommandError(done.stderr)


def _sentences(compiled: Path) -> dict[Any, str]:
    with compiled.open("rb") as file:
        catalogue: dict[Any, str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    catalogue.pop("", None)  # the header carries dates
    return catalogue
