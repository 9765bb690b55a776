#!/usr/bin/env python
"""Django's commands. `bin/manage` calls this with the services of `bin/run`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings")
    execute_from_command_line(sys.argv)
