"""Closes a socket on an address that does not exist, without a stack trace in anyone's log."""

from channels.generic.websocket import AsyncWebsocketConsumer


class Unknown(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.accept()  # a code reaches a browser only after the handshake
        await self.close(4404)
