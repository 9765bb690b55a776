"""Lists every door of the platform with its access entry: routes, socket commands, tasks.

For the test that finds a door without an entry, and for `docs/access.md`.
"""

import inspect
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from hospital.kernel.access import entry_of
from hospital.kernel.sockets import Socket
from hospital.kernel.worker import app

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Door:
    kind: str  # route | socket | task
    name: str
    entry: str | None
    method: str = ""
    where: str = ""  # of a route its address, of a socket command the socket's
    pattern: URLPattern | None = None


def every_door() -> Iterator[Door]:
    yield from _routes(get_resolver().url_patterns, "/")
    yield from _sockets()
    app.loader.import_default_modules()
    for name in sorted(app.tasks):
        if not name.startswith("celery."):
            yield Door("task", name, "task.run")


def _routes(patterns: Any, prefix: str) -> Iterator[Door]:
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, where)
            continue
        for method in _methods_of(pattern.callback):
            entry = entry_of(pattern.callback, method)
            yield Door("route", f"{method} {where}".strip(), entry, method, where, pattern)


def _methods_of(view: Any) -> tuple[str, ...]:
    """Those that a class has; those that a function's decorator lets in, or all without one."""
    holder = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if holder is None:
        return tuple(m for m in _METHODS if m in _let_in(view))
    return tuple(m for m in _METHODS if hasattr(holder, m.lower()))


def _let_in(view: Any) -> Collection[str]:
    """What `require_http_methods` was told; Django keeps it in the decorator's closure alone."""
    limited = inspect.unwrap(view, stop=lambda each: bool(_told(each)))
    return _told(limited) or _METHODS


def _told(view: Any) -> Collection[str]:
    if not inspect.isfunction(view):
        return ()
    told: Collection[str] = inspect.getclosurevars(view).nonlocals.get("request_method_list", ())
    return told


def _sockets() -> Iterator[Door]:
    for pattern in import_string(f"{settings.SOCKETS}"):
        consumer = pattern.callback.consumer_class
        if not issubclass(consumer, Socket):
            continue
        where = f"/{pattern.pattern}"
        yield Door("socket", f"{where} connect", consumer.access or None, "connect", where)
        for command, entry in consumer.commands.items():
            yield Door("socket", f"{where} {command}", entry, command, where)
