"""The few ways in which a request can be refused. Everything else is a bug and may crash.

A refusal undoes the change it interrupts; what must outlive the rollback (the decision that
refused, a guess that counts) travels with it as `keep` and is written by the door's one handler
(`hospital.kernel.http`) in a transaction of its own.
"""

from collections.abc import Callable


class Refused(Exception):
    """The platform understood the request and will not do it.

    `message` is for people (Chinese, translatable); programs read `code` and `facts`.
    """

    code = "refused"
    status = 400

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        keep: Callable[[], object] | None = None,
        **facts: object,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.keep = keep
        self.facts = facts


class NotAllowed(Refused):
    """This person may not do this. Objects of others are not refused but missing (404)."""

    code = "not-allowed"
    status = 403


class Missing(Refused):
    """There is no such object, or it is another's: nobody can tell which."""

    code = "not-found"
    status = 404


class Detour(NotAllowed):
    """Allowed, but something else comes first: `page` is where it is done and led back from.

    `shuts` says that nothing at all goes before it, so that an open socket is closed too.
    """

    def __init__(
        self, message: str, *, code: str, page: str, shuts: bool = False, **facts: object
    ) -> None:
        super().__init__(message, code=code)
        self.facts = facts
        self.page = page
        self.shuts = shuts


class WrongState(Refused):
    """The thing is not in a state that allows the step; the page shown was old."""

    code = "wrong-state"
    status = 409


class RuleBroken(Refused):
    """A rule of law or of the hospital forbids it; `facts["rules"]` names every one that does."""

    code = "rule-broken"
    status = 422


class TooMany(Refused):
    """Too often in too short a time; `facts["retry_after"]` is in seconds."""

    code = "too-many"
    status = 429


class Unavailable(Refused):
    """Something outside the platform (hospital system, gateway, courier) does not answer now."""

    code = "unavailable"
    status = 503


def require(allowed: bool, message: str, *, code: str = "not-allowed") -> None:  # noqa: FBT001 - reads as a sentence
    if not allowed:
        raise NotAllowed(message, code=code)
