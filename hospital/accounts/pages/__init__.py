"""Sign-in, sign-out and one's own sessions, as pages."""

from hospital.accounts.pages.activating import activate, link
from hospital.accounts.pages.methods import enrol, methods, passkey_add, passkey_remove, password
from hospital.accounts.pages.patients import (
    afresh,
    code,
    code_again,
    passkey_sign_in,
    recall,
    sign_in,
)
from hospital.accounts.pages.phones import phone, phone_codes
from hospital.accounts.pages.sittings import sign_out, sitting_end, sittings, sittings_end
from hospital.accounts.pages.staff import staff_sign_in
from hospital.accounts.pages.verifying import verify, verify_code

__all__ = [
    "activate",
    "afresh",
    "code",
    "code_again",
    "enrol",
    "link",
    "methods",
    "passkey_add",
    "passkey_remove",
    "passkey_sign_in",
    "password",
    "phone",
    "phone_codes",
    "recall",
    "sign_in",
    "sign_out",
    "sitting_end",
    "sittings",
    "sittings_end",
    "staff_sign_in",
    "verify",
    "verify_code",
]
