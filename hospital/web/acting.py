"""For whom somebody is acting, on every page: the room that knows the people says it here.

A page is about somebody (its context says whom), or the person chose for whom to act; the shell
draws what comes back above everything else.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class Bar(Protocol):
    @property
    def template(self) -> str:
        """What draws it, as `acting`."""


Find = Callable[[Mapping[str, Any]], Bar | None]
_kept: list[Find] = []


def register(find: Find) -> None:
    _kept[:] = [find]


def bar(context: Mapping[str, Any]) -> Bar | None:
    """What the shell has to say of whom this page concerns; nothing where it is oneself."""
    return _kept[0](context) if _kept else None
