"""The platform's own settings, with what only tests may have."""

import os

_DEFAULTS = {
    "SECRET_KEY": "tests-only-tests-only-tests-only-tests-only-tests-only",
    "DATABASE_URL": "postgresql://hospital_runtime@127.0.0.1/hospital",
    "DATABASE_AUDITOR_URL": "postgresql://hospital_auditor@127.0.0.1/hospital",
    "DATABASE_OWNER_URL": "postgresql://hospital_owner@127.0.0.1/hospital",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}
for _name, _value in _DEFAULTS.items():
    if f"{_name}_FILE" not in os.environ:
        os.environ.setdefault(_name, _value)

from hospital.settings import *  # noqa: E402, F403
from hospital.settings import PASSWORD_HASHERS, STORAGES  # noqa: E402

# Names without a manifest: only whole platforms (tests/browser, tests/faults) collect the files.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

REAL_NAME = "patients.gateways.NoService"  # only the mirror confirms names, unless a test says who
PASSWORD_HASHERS[0] = "tests.hashing.Cheap"
