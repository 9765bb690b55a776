"""The simulated hospital system on a loopback port, as the platform's own settings see it."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from hospital.his import gateways
from tests.simulators.conftest import running_world

__all__ = ["Hospital", "his", "running_world"]
WANG, ZHAO, CHILD, GUARDIAN = (
    "110108195806170020",
    "110108197203090012",
    "110108202105200015",
    "110108198809120014",
)


class Hospital:
    """Hands on the hospital's side: make somebody, write something down, break down."""

    def __init__(self, world: SimpleNamespace, settings: Any) -> None:
        self._world, self._settings = world, settings
        self.answers()

    def answers(self) -> None:
        self._settings.HIS_URL = f"{self._world.url}/fhir"
        self._settings.OUTWARD_HOSTS = [urlsplit(self._world.url).netloc, "127.0.0.1:9"]
        gateways.breaker.reset()

    def is_silent(self) -> None:
        self._settings.HIS_URL = "http://127.0.0.1:9/fhir"

    def somebody(self, **wish: object) -> dict[str, Any]:
        return self._post("/control/his/patients", wish)

    def breaks(self, **fault: object) -> None:
        self._post("/control/his/faults", fault)

    def asked(self) -> list[dict[str, Any]]:
        return list(self._world.client.get("/control/his/requests").json()["received"])

    def read(self, kind: str, fhir_id: str) -> dict[str, Any]:
        return dict(self._world.client.get(f"/fhir/{kind}/{fhir_id}").json())

    def find(self, kind: str, **query: str) -> list[dict[str, Any]]:
        bundle = self._world.client.get(f"/fhir/{kind}", params=query).json()
        return [entry["resource"] for entry in bundle["entry"]]

    def write(self, resource: dict[str, Any]) -> dict[str, Any]:
        address = f"/fhir/{resource['resourceType']}/{resource['id']}"
        answer: httpx.Response = self._world.client.put(address, json=resource)
        answer.raise_for_status()
        return dict(answer.json())

    def _post(self, address: str, body: dict[str, object]) -> dict[str, Any]:
        answer = self._world.client.post(address, json=body)
        answer.raise_for_status()
        return dict(answer.json())


@pytest.fixture
def his(running_world: SimpleNamespace, settings: Any) -> Any:
    """No fault of one test reaches the next."""
    yield Hospital(running_world, settings)
    running_world.client.post("/control/his/reset")
    gateways.breaker.reset()
