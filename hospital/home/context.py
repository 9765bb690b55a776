"""What the shells draw around a page: the menu of whoever is signed in, and their unread number.

Lazy throughout: a page that shows none of it asks the database nothing.
"""

from functools import cached_property
from typing import Any, Final

from django.http import HttpRequest

from hospital.home import menus
from hospital.home.roles import roles_of, shell_of
from hospital.notifications import selectors as notices

MOST: Final = 99


class Menu:
    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def _shown(self, entries: tuple[menus.Entry, ...]) -> list[menus.Shown]:
        return menus.shown(entries, roles_of(self._request.user), self._request.path)

    @cached_property
    def tabs(self) -> list[menus.Shown]:
        return self._shown(menus.TABS)

    @cached_property
    def main_services(self) -> list[menus.Shown]:
        return self._shown(menus.MAIN_SERVICES)

    @cached_property
    def services(self) -> list[menus.Shown]:
        return self._shown(menus.SERVICES)

    @cached_property
    def rail(self) -> list[menus.Shown]:
        return self._shown(menus.RAIL)

    @cached_property
    def foot(self) -> list[menus.Shown]:
        return self._shown(menus.FOOT)

    @cached_property
    def mine(self) -> list[menus.Shown]:
        return self._shown(menus.MINE)

    @cached_property
    def unread(self) -> int:
        user = self._request.user
        return notices.unread(user) if user.is_authenticated else 0

    @property
    def unread_text(self) -> str:
        return f"{MOST}+" if self.unread > MOST else str(self.unread)


def menu(request: HttpRequest) -> dict[str, Any]:
    """`menu` for the shells; `shell`, by name, for pages that people of every role read."""
    return {"menu": Menu(request), "shell": lambda: shell_of(request.user)}
