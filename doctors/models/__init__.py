"""Departments, the people who work in them, and what they may and will do."""

from doctors.models.credential import Credential
from doctors.models.hours import Hours, Leave, clock
from doctors.models.imports import Import, ImportRow
from doctors.models.offering import QuickReply, Service
from doctors.models.paper import Paper
from doctors.models.people import Clinician, Department, Title
from doctors.models.prices import PAID, PRICED, Module, Price
from doctors.models.privilege import Privilege, Right
from doctors.models.training import Training
from doctors.models.work import Duty

__all__ = [
    "PAID",
    "PRICED",
    "Clinician",
    "Credential",
    "Department",
    "Duty",
    "Hours",
    "Import",
    "ImportRow",
    "Leave",
    "Module",
    "Paper",
    "Price",
    "Privilege",
    "QuickReply",
    "Right",
    "Service",
    "Title",
    "Training",
    "clock",
]
