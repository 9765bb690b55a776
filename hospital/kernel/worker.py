"""The Celery application, configured from the settings. Rooms' tasks are found by themselves."""

from celery import Celery

app = Celery("hospital")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
