"""Who is asking, from where, through which door: the facts an audit row needs beside the act.

Set by the doors (middleware, socket, task), read by `audit`. Carried in a context variable, so
services need not hand it through.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID


@dataclass(frozen=True)
class RequestContext:
    request_id: str = ""
    door: str = ""  # the route, socket command or task
    access: str = ""  # the entry of the access table that let it in
    user: UUID | None = None
    role: str = ""
    ip: str = ""
    session: str = ""  # a digest; never the session key itself


_NOWHERE = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("request_context", default=_NOWHERE)


def current() -> RequestContext:
    return _current.get()


@contextmanager
def entering(context: RequestContext) -> Iterator[None]:
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)


def amend(**changes: object) -> None:
    """Add what became known on the way (the user after sign-in, the access entry)."""
    _current.set(replace(_current.get(), **changes))  # type: ignore[arg-type]
