"""Signing in, proving oneself and signing out for programs: the same services, the same rules."""

from hospital.accounts.api.passkeys import (
    AskPasskey,
    AskSignIn,
    AskVerify,
    OnePasskey,
    Passkeys,
    SignInByPasskey,
)
from hospital.accounts.api.patients import (
    AskCode,
    ChangePhone,
    SignInAfresh,
    SignInByCode,
    SignInByRecall,
)
from hospital.accounts.api.sessions import Session
from hospital.accounts.api.staff import SignInStaff
from hospital.accounts.api.verifying import AskVerifyCode, Verify

__all__ = [
    "AskCode",
    "AskPasskey",
    "AskSignIn",
    "AskVerify",
    "AskVerifyCode",
    "ChangePhone",
    "OnePasskey",
    "Passkeys",
    "Session",
    "SignInAfresh",
    "SignInByCode",
    "SignInByPasskey",
    "SignInByRecall",
    "SignInStaff",
    "Verify",
]
