"""The platform's own settings, with two empty doors beside the real ones."""

from hospital.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.empty"
