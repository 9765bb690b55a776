"""Who is asking: the owner of the session, in the one query that finds the session.

Keeps a sitting awake while its owner works, at the price of one small write a half minute.
"""

from datetime import timedelta

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from hospital.accounts.models import Sitting as SittingRow
from hospital.accounts.models import User

_EVERY = timedelta(seconds=30)


class Sitting(AuthenticationMiddleware):
    """Sets `request.user`. A password change ends the sessions that were opened before it."""

    def process_request(self, request: HttpRequest) -> None:
        user = _owner(request)
        request.user = user or AnonymousUser()
        if user is not None:
            _keep_awake(request.session.row)  # type: ignore[attr-defined]


def _owner(request: HttpRequest) -> User | None:
    session = request.session
    proof = session.get(HASH_SESSION_KEY, "")  # loads the session and its owner
    user: User | None = session.row.user if session.row else None  # type: ignore[attr-defined]
    if user is None or not user.is_active:
        return None
    return user if constant_time_compare(proof, user.get_session_auth_hash()) else None


def _keep_awake(row: SittingRow) -> None:
    """Our own clock only says when it is worth asking; the database's decides."""
    if abs(timezone.now() - row.seen_at) < _EVERY:
        return
    SittingRow.objects.filter(pk=row.pk, seen_at__lt=Now() - _EVERY).update(
        seen_at=Now(), idle_at=Now() + timedelta(seconds=row.idle_seconds)
    )
