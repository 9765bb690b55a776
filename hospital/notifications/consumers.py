"""The inbox badge, live."""

from typing import Any

from hospital.kernel.sockets import Socket
from hospital.notifications import selectors, services


class InboxBadge(Socket):
    """Sends `{"type": "badge", "unread": n}` at once and whenever it may have changed."""

    access = "inbox.badge"
    commands = {"count": "inbox.badge"}

    def groups_of(self) -> list[str]:
        return [services.group_of(self.scope["user"].public_id)]

    async def ready(self) -> None:
        await self.badge({})

    async def badge(self, _event: dict[str, Any]) -> None:
        await self.reply(await self.in_database(self._count))

    def handle(self, command: dict[str, Any]) -> dict[str, Any]:
        return self._count()

    def _count(self) -> dict[str, Any]:
        return {"type": "badge", "unread": selectors.unread(self.scope["user"])}
