"""The simulated supervision platform on a loopback port, as the platform's own settings see it."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.simulators.conftest import running_world

__all__ = ["Authority", "authority", "running_world"]


class Authority:
    """Hands on the other side: break down, look at what came."""

    def __init__(self, world: SimpleNamespace, settings: Any) -> None:
        self._client = world.client
        settings.REGULATOR_URL = f"{world.url}/regulator/v1/messages"
        settings.OUTWARD_HOSTS = [urlsplit(world.url).netloc]

    def breaks(self, **fault: object) -> None:
        self._client.post("/control/regulator/faults", json=fault).raise_for_status()

    def received(self, stream: object = "", biz_id: object = "") -> list[dict[str, Any]]:
        query = {"stream": str(stream), "bizId": str(biz_id)}
        return list(
            self._client.get("/control/regulator/received", params=query).json()["received"]
        )

    def requests(self) -> list[dict[str, Any]]:
        return list(self._client.get("/control/regulator/requests").json()["received"])


@pytest.fixture
def authority(running_world: SimpleNamespace, settings: Any) -> Any:
    """No fault of one test reaches the next."""
    yield Authority(running_world, settings)
    running_world.client.post("/control/regulator/reset", json={"state": True})
