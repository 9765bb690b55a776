"""How fast one person may send over HTTP. A socket keeps its own pace (`kernel.sockets`)."""

from datetime import datetime, timedelta
from typing import Any, Final

from hospital.accounts import guesses

MESSAGES: Final = guesses.Limit("say", 60, timedelta(minutes=1))


def keep(user: Any, *, at: datetime) -> None:
    """Count one more message of `user`; raise `TooMany` beyond one a second, over a minute."""
    guesses.count(MESSAGES, str(user.public_id), at=at)
