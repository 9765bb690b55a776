"""Sessions in PostgreSQL, found by a digest of the cookie, ended by time or by hand.

`settings.SESSION_ENGINE`. The database's clock decides whether a session still lives.
"""

import hashlib
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from hospital.accounts.models import Sitting
from hospital.kernel.prepared import Prepared

_ANONYMOUS = timedelta(hours=1)


def digest_of(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()


class SessionStore(DatabaseStore):
    """Django's database store over `Sitting`, keyed by digest."""

    row: Sitting | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        return Sitting

    @property
    def digest(self) -> str:
        return digest_of(self.session_key) if self.session_key else ""

    def _get_session_from_db(self) -> Any:
        self.row = next(iter(_living(self.digest)), None)
        if self.row is None:
            self._session_key = None
        return self.row

    def exists(self, session_key: str) -> bool:
        return Sitting.objects.filter(pk=digest_of(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Sitting.objects.filter(pk=digest_of(key)).delete()

    def create(self) -> None:
        self.row = None
        super().create()

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Write the data; the times of the row belong to the middleware and stay as they are."""
        if self.session_key is None:
            self.create()
            return
        data = self.encode(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        if must_create:
            self.row = self._insert(data)
        elif not Sitting.objects.filter(pk=self.digest).update(session_data=data):
            raise UpdateError

    def _insert(self, data: str) -> Sitting:
        now = timezone.now()
        try:
            with transaction.atomic():
                return Sitting.objects.create(
                    session_key=self.digest,
                    session_data=data,
                    expire_date=now + _ANONYMOUS,
                    seen_at=now,
                    idle_at=now + _ANONYMOUS,
                    idle_seconds=int(_ANONYMOUS.total_seconds()),
                )
        except IntegrityError as error:
            raise CreateError from error

    def sign_in(self, user: Any, *, at: Any, ip: str, agent: str) -> None:
        """Make the current session `user`'s, with the limits of their kind. After `login()`."""
        idle, absolute = settings.SESSION_LIMITS["staff" if user.has_password else "patient"]
        Sitting.objects.filter(pk=self.digest).update(
            user=user,
            ip=ip or None,
            agent=agent[:120],
            signed_in_at=at,
            seen_at=at,
            idle_at=at + idle,
            idle_seconds=int(idle.total_seconds()),
            expire_date=at + absolute,
        )
        self.row = Sitting.objects.get(pk=self.digest)


_living: Final = Prepared(
    lambda digest: Sitting.objects.select_related("user").filter(
        pk=digest, expire_date__gt=Now(), idle_at__gt=Now()
    )
)
