"""Departments, the people who work in them, and what they may and will do."""

from doctors.models.credential import Credential
from doctors.models.imports import Import, ImportRow
from doctors.models.people import Clinician, Department, Title
from doctors.models.privilege import Privilege, Right
from doctors.models.work import Duty, Service

__all__ = [
    "Clinician",
    "Credential",
    "Department",
    "Duty",
    "Import",
    "ImportRow",
    "Privilege",
    "Right",
    "Service",
    "Title",
]
