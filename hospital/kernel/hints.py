"""Tell open sockets that something changed. A hint only: PostgreSQL holds the truth.

A lost hint costs a reader some seconds, never a message; Redis being down must not break the
change that was just committed.
"""

import logging
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError

from hospital.kernel.breaker import Breaker

log = logging.getLogger(__name__)
line = Breaker()


def after_commit(group: str, event: dict[str, Any]) -> None:
    """Send `event` (ids only, no personal text: it crosses Redis) to a group of sockets."""
    transaction.on_commit(lambda: _send(group, event), robust=True)


def _send(group: str, event: dict[str, Any]) -> None:
    if line.is_open:
        return
    layer = get_channel_layer()
    assert layer is not None, "CHANNEL_LAYERS is not set"
    try:
        async_to_sync(layer.group_send)(group, event)
    except (RedisError, OSError) as error:
        line.trip()
        log.warning("hint to %s lost: %s", group, error)
