"""What stands in the way of closing an account, told by the rooms that know.

Each room registers a function from the account and the patients it acts for to plain sentences:
what is still open, and where to go about it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hospital.accounts.models import User
from patients.models import Patient


@dataclass(frozen=True)
class Block:
    kind: str
    says: str  # in the reader's language: what is open, and what to do
    url: str = ""


Blocks = Callable[[User, Sequence[Patient]], Iterable[Block]]
_rooms: dict[str, Blocks] = {}


def register(kind: str, *, blocks: Blocks) -> None:
    _rooms[kind] = blocks


def blocks_of(account: User, patients: Sequence[Patient]) -> list[Block]:
    """Everything at once: nobody should come back three times."""
    return [block for blocks in _rooms.values() for block in blocks(account, patients)]
