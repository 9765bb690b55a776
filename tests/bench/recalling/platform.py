"""The platform's own settings, with the plain list beside the real doors."""

from hospital.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.recalling.plain"
