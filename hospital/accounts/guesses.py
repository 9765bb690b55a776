"""One counter in PostgreSQL for everything that can be guessed.

A guess is counted and committed before the secret is compared, so guessing in parallel gains
nothing. Keys are fingerprints; who guesses at what cannot be read from the table.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hospital.accounts.models import Guess
from hospital.kernel.ciphers import fingerprint
from hospital.kernel.refusals import TooMany

_COUNT = """
INSERT INTO accounts_guess AS g (key, since, count) VALUES (%(key)s, %(at)s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN g.since < %(start)s THEN 1 ELSE g.count + 1 END,
    since = CASE WHEN g.since < %(start)s THEN %(at)s ELSE g.since END
RETURNING count, since
"""


@dataclass(frozen=True)
class Limit:
    name: str
    times: int
    within: timedelta


# Five wrong in a quarter hour from one address lock that address out (8.1.4.1b) …
SECRET = Limit("secret", 5, timedelta(minutes=15))
# … and so many from anywhere, which slows a spread attack; known devices are not counted here,
# so nobody can lock a doctor out of their own browser.
SECRET_ANYWHERE = Limit("secret-anywhere", 50, timedelta(hours=1))
RECORD = Limit("record", 5, timedelta(hours=24))  # what only the patient knows of the record
LINK = Limit("link", 20, timedelta(minutes=15))  # from one address
PASSKEY = Limit("passkey", 30, timedelta(minutes=15))  # from one address
CODE_EACH_MINUTE = Limit("code-minute", 1, timedelta(minutes=1))
CODE_EACH_HOUR = Limit("code-hour", 8, timedelta(hours=1))
CODE_FROM_ADDRESS = Limit("code-address", 200, timedelta(hours=1))


def count(limit: Limit, *parts: str, at: datetime) -> None:
    """Count one guess; raise `TooMany` beyond the limit. Commits at once."""
    key = _key(limit, parts)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "at": at, "start": at - limit.within})
        times, since = cursor.fetchone()
    if times > limit.times:
        wait = int((since + limit.within - at).total_seconds()) + 1
        raise TooMany(
            _("尝试次数太多了，请 %(minutes)s 分钟后再试。") % {"minutes": -(-wait // 60)},
            retry_after=wait,
        )


def forget(limit: Limit, *parts: str) -> None:
    """The secret was right: the counter starts again."""
    Guess.objects.filter(key=_key(limit, parts)).delete()


def _key(limit: Limit, parts: tuple[str, ...]) -> str:
    return fingerprint("|".join(parts), purpose=f"guess.{limit.name}")
