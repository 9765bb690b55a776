"""The channel layer: Channels' own over Redis, which ends whenever it is told to."""

import asyncio
from typing import Any

from channels_redis.core import RedisChannelLayer


class Layer(RedisChannelLayer):  # type: ignore[misc]
    """A cancelled `receive` has ended.

    redis-py loses a cancellation that comes while it dials (redis-py #2028), and channels_redis
    goes on waiting: a socket that was shown out at once would leave a task behind for ever.
    """

    async def receive(self, channel: str) -> Any:
        waiting = asyncio.ensure_future(super().receive(channel))
        try:
            return await asyncio.shield(waiting)
        except asyncio.CancelledError:
            while not waiting.done():
                waiting.cancel()
                await asyncio.wait([waiting], timeout=0.05)
            if not waiting.cancelled():
                waiting.exception()  # looked at, so that nobody complains that nobody did
            raise
