"""Who is asking: the owner of the session, in the one query that finds the session."""

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from hospital.accounts.idleness import is_by_hand, keep_awake
from hospital.accounts.models import User


class Sitting(AuthenticationMiddleware):
    """Sets `request.user`. A password change ends the sessions that were opened before it."""

    def process_request(self, request: HttpRequest) -> None:
        user = _owner(request)
        request.user = user or AnonymousUser()
        if user is not None and is_by_hand(request):
            keep_awake(request.session.row)  # type: ignore[attr-defined]


def _owner(request: HttpRequest) -> User | None:
    session = request.session
    proof = session.get(HASH_SESSION_KEY, "")  # loads the session and its owner
    user: User | None = session.row.user if session.row else None  # type: ignore[attr-defined]
    if user is None or not user.is_active:
        return None
    return user if constant_time_compare(proof, user.get_session_auth_hash()) else None
