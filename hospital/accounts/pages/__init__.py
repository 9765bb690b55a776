"""Sign-in, sign-out and one's own sessions, as pages."""

from hospital.accounts.pages.patients import afresh, code, code_again, recall, sign_in
from hospital.accounts.pages.phones import phone, phone_codes
from hospital.accounts.pages.sittings import sign_out, sitting_end, sittings
from hospital.accounts.pages.staff import staff_sign_in, verify

__all__ = [
    "afresh",
    "code",
    "code_again",
    "phone",
    "phone_codes",
    "recall",
    "sign_in",
    "sign_out",
    "sitting_end",
    "sittings",
    "staff_sign_in",
    "verify",
]
