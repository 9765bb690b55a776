"""The access table: every thing that can be done here, why, by which roles, on which objects.

Doors carry the name of one entry and nothing else. Which rows a person sees is decided by the
selectors, whether this step on this row is theirs by `may_…`; this table says who may knock, and
repeats in words what those ask for. One file for each area; `docs/access.md` is generated.
"""

from hospital.accounts.access.approving import APPROVING
from hospital.accounts.access.bills import BILLS
from hospital.accounts.access.credentialing import CREDENTIALING
from hospital.accounts.access.entry import Entry
from hospital.accounts.access.evidence import EVIDENCE
from hospital.accounts.access.finding import FINDING
from hospital.accounts.access.identity import IDENTITY
from hospital.accounts.access.importing import IMPORTING
from hospital.accounts.access.letting_in import LETTING_IN
from hospital.accounts.access.management import MANAGEMENT
from hospital.accounts.access.offering import OFFERING
from hospital.accounts.access.prescribing import PRESCRIBING
from hospital.accounts.access.records import RECORDS
from hospital.accounts.access.rights import RIGHTS
from hospital.accounts.access.rostering import ROSTERING
from hospital.accounts.access.shared import SHARED
from hospital.accounts.access.visits import VISITS

TABLE: tuple[Entry, ...] = (
    *SHARED,
    *IDENTITY,
    *RECORDS,
    *RIGHTS,
    *LETTING_IN,
    *VISITS,
    *FINDING,
    *BILLS,
    *EVIDENCE,
    *OFFERING,
    *PRESCRIBING,
    *ROSTERING,
    *MANAGEMENT,
    *IMPORTING,
    *CREDENTIALING,
    *APPROVING,
)

ENTRIES: dict[str, Entry] = {entry.name: entry for entry in TABLE}
assert len(ENTRIES) == len(TABLE), "two entries of one name"

__all__ = ["ENTRIES", "TABLE", "Entry"]
