"""Accounts, their sessions and second factors, and the counters that slow guessing down."""

from hospital.accounts.models.changes import RoleChange
from hospital.accounts.models.passkeys import Challenge, Passkey
from hospital.accounts.models.passwords import Activation, FormerPassword
from hospital.accounts.models.people import User
from hospital.accounts.models.phones import FormerPhone, Recall
from hospital.accounts.models.proofs import Code, Factor, Guess, Verification
from hospital.accounts.models.sittings import Device, IdempotencyKey, Seat, Sitting

__all__ = [
    "Activation",
    "Challenge",
    "Code",
    "Device",
    "Factor",
    "FormerPassword",
    "FormerPhone",
    "Guess",
    "IdempotencyKey",
    "Passkey",
    "Recall",
    "RoleChange",
    "Seat",
    "Sitting",
    "User",
    "Verification",
]
