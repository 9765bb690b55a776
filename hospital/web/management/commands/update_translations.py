"""Brings the English translation up to date with the code and compiles it.

New sentences come in empty; similar ones are never guessed at. Run it again after filling in.
"""

import subprocess
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.core.management.commands.makemessages import Command as MakeMessages

from hospital.web.catalogue import ENGLISH, NOT_OURS


class _Exact(MakeMessages):
    msgmerge_options = ["-q", "--backup=none", "--previous", "--update", "--no-fuzzy-matching"]


class Command(BaseCommand):
    help = "Update and compile the English translation."

    def handle(self, *_args: Any, **_options: Any) -> None:
        call_command(
            _Exact(), *NOT_OURS, locale=["en"], no_location=True, no_wrap=True, no_obsolete=True
        )
        compiled = str(ENGLISH.with_suffix(".mo"))
        subprocess.run(["msgfmt", "--check-format", "-o", compiled, str(ENGLISH)], check=True)  # noqa: S603, S607 - ours
