"""Departments, the people who work in them, and what they may and will do."""

from doctors.models.credential import Credential, Right
from doctors.models.imports import Import, ImportRow
from doctors.models.people import Clinician, Department, Title
from doctors.models.work import Duty, Service

__all__ = [
    "Clinician",
    "Credential",
    "Department",
    "Duty",
    "Import",
    "ImportRow",
    "Right",
    "Service",
    "Title",
]
