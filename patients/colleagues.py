"""Who works here, told by the room that knows the staff: this one stands beside it, not above.

Until somebody registers a directory nobody works here, so nobody can be found or let in.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet

from hospital.accounts.models import User


@dataclass(frozen=True)
class Colleague:
    """A doctor or pharmacist as patients may know them."""

    user: UUID  # public id of the account
    name: str
    department: str
    title: str


class Directory(Protocol):
    def departments(self) -> Sequence[tuple[str, str]]:
        """The departments in which somebody practises: code and name."""

    def find(self, *, department: str, name: str) -> Sequence[Colleague]:
        """The doctors whose credential is in force: of a department, by a part of the name."""

    def practising(self) -> QuerySet[User]:
        """The accounts of the doctors whose credential is in force now."""

    def places(self, user: Any) -> Collection[str]:
        """The codes of the departments in which this account practises as a doctor now."""

    def numbers(self, user: Any) -> Collection[str]:
        """The identity numbers in this account's certificates: who it is outside this house."""

    def named(self, users: Collection[UUID]) -> Mapping[UUID, Colleague]:
        """Those of these accounts who are doctors or pharmacists, whatever their credential."""


class _Nobody:
    def departments(self) -> Sequence[tuple[str, str]]:
        return ()

    def find(self, *, department: str, name: str) -> Sequence[Colleague]:
        return ()

    def practising(self) -> QuerySet[User]:
        return User.objects.none()

    def places(self, user: Any) -> Collection[str]:
        return ()

    def numbers(self, user: Any) -> Collection[str]:
        return ()

    def named(self, users: Collection[UUID]) -> Mapping[UUID, Colleague]:
        return {}


_directories: list[Directory] = [_Nobody()]


def register(directory: Directory) -> None:
    _directories[:] = [directory]


def directory() -> Directory:
    return _directories[0]


def practises(user: Any) -> bool:
    """Whether `user` is a doctor whose credential is in force now."""
    return directory().practising().filter(pk=user.pk).exists()
