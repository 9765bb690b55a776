"""Signing in, proving oneself, signing out, being disabled."""

from hospital.accounts.services.closing import erase
from hospital.accounts.services.phones import ask_phone, change_phone, tell_phones
from hospital.accounts.services.preferences import keep_size
from hospital.accounts.services.proving import verified, verify
from hospital.accounts.services.recalling import recall, start_afresh
from hospital.accounts.services.registering import register_patient
from hospital.accounts.services.roles import ask_role, grant, refuse, revoke, withdraw
from hospital.accounts.services.signing_in import (
    open_sitting,
    patient_by_code,
    staff_by_password,
)
from hospital.accounts.services.sittings import end_sitting, sign_out
from hospital.accounts.services.staff import add_staff, disable, enable, end_sittings

__all__ = [
    "add_staff",
    "ask_phone",
    "ask_role",
    "change_phone",
    "disable",
    "enable",
    "end_sitting",
    "end_sittings",
    "erase",
    "grant",
    "keep_size",
    "open_sitting",
    "patient_by_code",
    "recall",
    "refuse",
    "register_patient",
    "revoke",
    "sign_out",
    "staff_by_password",
    "start_afresh",
    "tell_phones",
    "verified",
    "verify",
    "withdraw",
]
