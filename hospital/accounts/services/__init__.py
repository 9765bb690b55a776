"""Signing in, proving oneself, signing out, being disabled."""

from hospital.accounts.services.closing import erase
from hospital.accounts.services.preferences import keep_size
from hospital.accounts.services.proving import verified, verify
from hospital.accounts.services.signing_in import (
    open_sitting,
    patient_by_code,
    register_patient,
    staff_by_password,
)
from hospital.accounts.services.sittings import end_sitting, sign_out
from hospital.accounts.services.staff import add_staff, disable, enable

__all__ = [
    "add_staff",
    "disable",
    "enable",
    "end_sitting",
    "erase",
    "keep_size",
    "open_sitting",
    "patient_by_code",
    "register_patient",
    "sign_out",
    "staff_by_password",
    "verified",
    "verify",
]
