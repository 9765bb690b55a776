"""What clinicians and medical affairs do here."""

from doctors.services.clinicians import add_clinician, set_receiving, set_service
from doctors.services.credentials import approve, refuse, restore, submit_credential, suspend
from doctors.services.duty import cancel_duty, roster, shorten
from doctors.services.weeks import copy_week

__all__ = [
    "add_clinician",
    "approve",
    "cancel_duty",
    "copy_week",
    "refuse",
    "restore",
    "roster",
    "set_receiving",
    "set_service",
    "shorten",
    "submit_credential",
    "suspend",
]
