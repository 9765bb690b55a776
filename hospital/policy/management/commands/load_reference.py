"""Loads the reference data of every room that has some; again is no harm.

`settings.REFERENCE` names the modules; each has `load(at) -> str`, which says what it did.
A module that is missing is an error: nothing is skipped in silence.
"""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from hospital.kernel.clock import database_now


class Command(BaseCommand):
    help = "Loads departments, diagnoses, medicines and other reference data from the data folders."

    def handle(self, *_args: Any, verbosity: int = 1, **_options: Any) -> None:
        for name in settings.REFERENCE:
            with transaction.atomic():
                done = import_module(name).load(database_now())
            if verbosity:
                self.stdout.write(f"{name}: {done}")
