"""Signing in, proving oneself, signing out, being disabled."""

from hospital.accounts.services.activating import activate, activation_of, address_of, invite
from hospital.accounts.services.closing import erase
from hospital.accounts.services.enrolling import enrol
from hospital.accounts.services.passkeys import add_passkey, remove_passkey
from hospital.accounts.services.passwords import change_password
from hospital.accounts.services.phones import ask_phone, change_phone, tell_phones
from hospital.accounts.services.preferences import keep_size
from hospital.accounts.services.proving import (
    ask_code,
    verified,
    verify,
    verify_by_code,
    verify_by_passkey,
)
from hospital.accounts.services.recalling import recall, start_afresh
from hospital.accounts.services.registering import register_patient
from hospital.accounts.services.roles import ask_role, grant, refuse, revoke, withdraw
from hospital.accounts.services.signing_in import (
    open_sitting,
    patient_by_code,
    patient_by_passkey,
    staff_by_password,
)
from hospital.accounts.services.sittings import end_others, end_sitting, sign_out
from hospital.accounts.services.staff import add_staff, close_unused, disable, enable, end_sittings

__all__ = [
    "activate",
    "activation_of",
    "add_passkey",
    "add_staff",
    "address_of",
    "ask_code",
    "ask_phone",
    "ask_role",
    "change_password",
    "change_phone",
    "close_unused",
    "disable",
    "enable",
    "end_others",
    "end_sitting",
    "end_sittings",
    "enrol",
    "erase",
    "grant",
    "invite",
    "keep_size",
    "open_sitting",
    "patient_by_code",
    "patient_by_passkey",
    "recall",
    "refuse",
    "register_patient",
    "remove_passkey",
    "revoke",
    "sign_out",
    "staff_by_password",
    "start_afresh",
    "tell_phones",
    "verified",
    "verify",
    "verify_by_code",
    "verify_by_passkey",
    "withdraw",
]
