"""What one row of the access table says."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from hospital.accounts.roles import ANYONE, SIGNED_IN, Role


@dataclass(frozen=True)
class Entry:
    """One thing that can be done. `why` says what it is needed for, `rule` which objects."""

    name: str
    what: str
    roles: frozenset[str]
    why: str = ""
    rule: str = ""  # the relation to the object that selectors and `may_…` ask for
    fresh: bool = False  # needs a proof of identity within the step-up window
    first: bool = False  # open to staff who must still enrol a factor or renew a password
    reads: bool = False  # shows personal data of others: every passing leaves a row in the trail


def entry(name: str, what: str, roles: Collection[str], **more: Any) -> Entry:
    return Entry(name, what, frozenset(str(role) for role in roles), **more)


PATIENT: Final = {Role.PATIENT}
DOCTOR: Final = {Role.DOCTOR}
PHARMACIST: Final = {Role.PHARMACIST}
CLINICIANS: Final = DOCTOR | PHARMACIST
EVERYBODY: Final = {ANYONE, *SIGNED_IN}
