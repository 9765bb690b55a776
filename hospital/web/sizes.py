"""How large people want to read: 标准, 大字, 长辈版. Kept in a cookie, and on the account.

The cookie is the word of this device and comes first; the account tells a new device. Accounts
stands above and says how to keep a choice, with `kept_by`, when it gets ready.
"""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest

COOKIE: Final = "size"
STANDARD: Final = "standard"
SIZES: Final = (STANDARD, "large", "elder")
Keep = Callable[[Any, str], None]
_keepers: list[Keep] = []


def kept_by(keep: Keep) -> None:
    """Register what stores the choice of a signed-in user: `keep(user, size)`."""
    _keepers.append(keep)


def keep(user: Any, size: str) -> None:
    for each in _keepers:
        each(user, size)


def size_of(request: HttpRequest) -> str:
    """The size to render this request's page in."""
    chosen = request.COOKIES.get(COOKIE) or getattr(request.user, "size", "")
    return chosen if chosen in SIZES else STANDARD
