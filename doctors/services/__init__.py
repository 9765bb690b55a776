"""What clinicians and medical affairs do here."""

from doctors.services.clinicians import add_clinician, set_receiving, set_service
from doctors.services.credentials import approve, refuse, restore, submit_credential, suspend
from doctors.services.duty import roster

__all__ = [
    "add_clinician",
    "approve",
    "refuse",
    "restore",
    "roster",
    "set_receiving",
    "set_service",
    "submit_credential",
    "suspend",
]
