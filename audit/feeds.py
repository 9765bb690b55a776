"""Feeds carry news upward: a high room follows kinds of event and is told of each, at least once.

A feed is declared in the follower's `AppConfig.ready`. Its handler gets one event at a time, in
the order of the trail, and must be safe to be told twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from audit.models import Event

Handler = Callable[["Event", datetime], None]


@dataclass(frozen=True)
class Feed:
    name: str
    kinds: frozenset[str]
    handler: str  # dotted path; imported when the first event comes

    def tell(self, event: "Event", at: datetime) -> None:
        handler: Handler = import_string(self.handler)
        handler(event, at)


_feeds: dict[str, Feed] = {}


def follow(name: str, *, kinds: set[str], handler: str) -> None:
    _feeds[name] = Feed(name, frozenset(kinds), handler)


def following(kind: str) -> list[Feed]:
    return [feed for feed in _feeds.values() if kind in feed.kinds]


def named(name: str) -> Feed:
    return _feeds[name]


def names() -> list[str]:
    return sorted(_feeds)
