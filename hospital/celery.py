"""The worker and the beat. Celery only wakes; what is to be done stands in PostgreSQL."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings")

from hospital.kernel.worker import app

__all__ = ["app"]
