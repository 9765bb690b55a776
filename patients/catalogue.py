"""What medicines, their groups and diseases are called, told by the room that keeps the catalogues.

The e-record offers these words and keeps their codes; without a formulary every word is plain text.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol


class Coded(NamedTuple):
    """A word as the catalogue has it: group | drug, with its code; `other` has none."""

    kind: str
    code: str


OTHER: Final = Coded("other", "")


class Catalogue(Protocol):
    def groups(self) -> Sequence[str]:
        """The groups of allergies, as people call them."""

    def medicines(self) -> Sequence[str]:
        """Generic names of medicines."""

    def allergen(self, text: str) -> Coded:
        """What is meant by the name of an allergy."""

    def atc(self, medicine: str) -> str:
        """The code of a medicine by its name; empty where it is not known."""

    def diagnoses(self) -> Mapping[str, str]:
        """The diseases followed up online: ICD-10 code and name."""


class _Nothing:
    def groups(self) -> Sequence[str]:
        return ()

    def medicines(self) -> Sequence[str]:
        return ()

    def allergen(self, text: str) -> Coded:
        return OTHER

    def atc(self, medicine: str) -> str:
        return ""

    def diagnoses(self) -> Mapping[str, str]:
        return {}


_kept: list[Catalogue] = [_Nothing()]


def register(catalogue: Catalogue) -> None:
    _kept[:] = [catalogue]


def current() -> Catalogue:
    return _kept[0]
