"""Sign-in, sign-out and one's own sessions, as pages."""

from hospital.accounts.pages.patients import code, code_again, sign_in
from hospital.accounts.pages.sittings import sign_out, sitting_end, sittings
from hospital.accounts.pages.staff import staff_sign_in, verify

__all__ = [
    "code",
    "code_again",
    "sign_in",
    "sign_out",
    "sitting_end",
    "sittings",
    "staff_sign_in",
    "verify",
]
