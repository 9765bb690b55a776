"""What can be done with patients: make known, link, agree, tell, read.

Each story has a file of its own; callers know this module only.
"""

from patients.services.addresses import add_address, remove_address
from patients.services.consents import consent, withdraw
from patients.services.health import set_health
from patients.services.linking import end_link
from patients.services.notes import note_medicine, note_visit, withdraw_medicine
from patients.services.record import HealthRecord, open_record
from patients.services.registering import ask_code, refresh, register, register_family

__all__ = [
    "HealthRecord",
    "add_address",
    "ask_code",
    "consent",
    "end_link",
    "note_medicine",
    "note_visit",
    "open_record",
    "refresh",
    "register",
    "register_family",
    "remove_address",
    "set_health",
    "withdraw",
    "withdraw_medicine",
]
