"""What the kernel needs to know of the access table, which lives in accounts above it.

Every door carries only the name of its entry (`access = "inbox.read"`); whether this person may
pass is asked of `settings.ACCESS_BACKEND`.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from hospital.kernel import context
from hospital.kernel.refusals import Detour, NotAllowed

View = TypeVar("View", bound=Callable[..., Any])


class AccessBackend(Protocol):
    def admits(self, user: Any, entry: str) -> str | None:
        """The role under which `user` may pass the door, or None. Read afresh, never cached."""

    def hurdle(self, user: Any, session: str, entry: str) -> Detour | None:
        """What comes first for somebody who is admitted: a proof of themselves not older than
        the entry asks, or (for staff) a second factor and a password that is still good."""

    def live(self, sessions: Collection[str]) -> set[str]:
        """Which of these session keys are still signed in."""

    def owners(self, sessions: Collection[str]) -> Mapping[str, Any]:
        """Whose these session keys are, of those still signed in, the users as they are now."""

    def take_seat(self, user: Any) -> UUID | None:
        """A place for one more open socket of `user`; None where they have all they may have."""

    def keep_seats(self, seats: Collection[UUID]) -> None:
        """These are still taken. What is not kept is free again after half a minute."""

    def leave_seat(self, seat: UUID) -> None:
        """This one is free."""

    def wake(self, session: str) -> None:
        """Keep this session from ending for idleness: its owner has just done something."""

    def exists(self, entry: str) -> bool:
        """Whether the access table has such an entry."""


@cache
def backend() -> AccessBackend:
    return import_string(settings.ACCESS_BACKEND)()  # type: ignore[no-any-return]


def door(access: str | Mapping[str, str]) -> Callable[[View], View]:
    """Give a function view its entry of the access table, or one for each method; without one
    nobody passes."""

    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def entry_of(view: Any, method: str) -> str | None:
    """The access entry of a resolved view for one HTTP method, or None: then nobody passes.

    A method that the view does not have at all passes under the first entry and is answered 405.
    """
    holder = getattr(view, "view_class", None) or getattr(view, "cls", None)
    entry = getattr(view, "access", None) or getattr(holder, "access", None)
    if isinstance(entry, Mapping):
        asked = "GET" if method in {"HEAD", "OPTIONS"} else method
        has_none = holder is not None and not hasattr(holder, asked.lower())
        entry = next(iter(entry.values())) if has_none else entry.get(asked)
    return entry if isinstance(entry, str) else None


def methods_of(view: Any) -> list[str]:
    """The methods that a door with an entry for each names; empty for every other door."""
    entry = getattr(view, "access", None)
    return list(entry) if isinstance(entry, Mapping) else []


def pass_again(request: Any, entry: str) -> None:
    """One page, several acts: ask for the entry of this act too, as if it had a door of its own.

    Raises `NotAllowed`, or the `Detour` that comes first. Called outside transactions, after
    what was typed has been kept.
    """
    role = backend().admits(request.user, entry)
    if role is None:
        raise NotAllowed(_("您的账号没有这项权限。"))
    here = context.current()
    if (first := backend().hurdle(request.user, here.session, entry)) is not None:
        raise first
    context.amend(access=entry, role=role)
