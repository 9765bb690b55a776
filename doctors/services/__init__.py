"""What clinicians and medical affairs do here."""

from doctors.services.clinicians import add_clinician, move_clinician, set_receiving, set_service
from doctors.services.credentials import approve, refuse, restore, submit_credential, suspend
from doctors.services.departments import put_department
from doctors.services.duty import cancel_duty, roster, shorten
from doctors.services.importing import (
    Look,
    confirm_import,
    keep_import,
    look,
    run_import,
    stop_import,
    sweep_imports,
)
from doctors.services.weeks import copy_week

__all__ = [
    "Look",
    "add_clinician",
    "approve",
    "cancel_duty",
    "confirm_import",
    "copy_week",
    "keep_import",
    "look",
    "move_clinician",
    "put_department",
    "refuse",
    "restore",
    "roster",
    "run_import",
    "set_receiving",
    "set_service",
    "shorten",
    "stop_import",
    "submit_credential",
    "suspend",
    "sweep_imports",
]
