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
from doctors.services.privileges import (
    ask_privilege,
    end_past_privileges,
    end_privilege,
    grant_privilege,
    refuse_privilege,
    restore_privilege,
    suspend_privilege,
    withdraw_privilege,
)
from doctors.services.weeks import copy_week

__all__ = [
    "Look",
    "add_clinician",
    "approve",
    "ask_privilege",
    "cancel_duty",
    "confirm_import",
    "copy_week",
    "end_past_privileges",
    "end_privilege",
    "grant_privilege",
    "keep_import",
    "look",
    "move_clinician",
    "put_department",
    "refuse",
    "refuse_privilege",
    "restore",
    "restore_privilege",
    "roster",
    "run_import",
    "set_receiving",
    "set_service",
    "shorten",
    "stop_import",
    "submit_credential",
    "suspend",
    "suspend_privilege",
    "sweep_imports",
    "withdraw_privilege",
]
