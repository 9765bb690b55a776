"""The FHIR server: read, search, page, create and update, each open to planned faults."""

import secrets
import sqlite3
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from hospital.simulators import clock
from hospital.simulators.faults import FaultKind
from hospital.simulators.his import bundles, cashier, search
from hospital.simulators.his.archive import TYPES, Archive
from hospital.simulators.his.asking import NoSuch, in_fhir, kind_of, resource_in
from hospital.simulators.his.bundles import answer, outcome
from hospital.simulators.his.conformance import capability_statement
from hospital.simulators.room import Endpoint, Room
from hospital.simulators.settings import Settings
from hospital.simulators.shelf import Item, Shelf


class HospitalSystem(Room):
    name = "his"
    title = "院内 HIS"
    says = "FHIR R4：患者、就诊、诊断、检验、用药、收费、库存"
    home = "/his/"

    def __init__(self, settings: Settings, database: sqlite3.Connection) -> None:
        super().__init__(
            FaultKind("wrong_patient", "count", "Answer with another patient's data."),
        )
        self.archive = Archive(Shelf(database, "his.changed"), Shelf(database, "his.started"))
        self._base = settings.public_url
        doors: list[tuple[str, Endpoint, list[str]]] = [
            ("/fhir/metadata", self.metadata, ["GET"]),
            ("/fhir/{kind}", self.search_or_create, ["GET", "POST"]),
            ("/fhir/{kind}/_search", self.search_by_form, ["POST"]),
            ("/fhir/{kind}/{id}", self.read_or_update, ["GET", "PUT"]),
            ("/fhir/Patient/{id}/$everything", self.everything, ["GET"]),
        ]
        self.routes = [
            self.protocol(path, in_fhir(endpoint), verbs) for path, endpoint, verbs in doors
        ]

    def refuse(self, status: int) -> Response:
        return outcome(status, "transient", "HIS 暂不可用")

    def reset(self) -> None:
        self.archive.reset()

    def evidence(self, _query: QueryParams) -> dict[str, Any]:
        return {
            "counts": {kind: sum(1 for _ in self.archive.all(kind)) for kind in TYPES},
            "received": [entry for entry in self.received if entry["method"] != "GET"],
        }

    async def metadata(self, _request: Request) -> Response:
        return answer(capability_statement())

    async def search_or_create(self, request: Request) -> Response:
        if request.method == "POST":
            return await self.create(request)
        return self._search(request, request.query_params.multi_items())

    async def search_by_form(self, request: Request) -> Response:
        """A search whose identity numbers stay out of addresses and so out of access logs."""
        form = parse_qsl((await request.body()).decode())
        return self._search(request, [*request.query_params.multi_items(), *form])

    async def read_or_update(self, request: Request) -> Response:
        kind, item_id = kind_of(request), request.path_params["id"]
        if request.method == "PUT":
            item = await resource_in(request, kind)
            status = 200 if self.archive.find(kind, item_id) else 201
            return answer(self.archive.put({**item, "id": item_id}, clock.now()), status)
        item_found = self.archive.find(kind, item_id)
        if item_found is not None and kind == "Patient" and self.faults.take("wrong_patient"):
            item_found = self.archive.find(kind, self._another(item_id))
        if item_found is None:
            raise NoSuch(f"{kind}/{item_id}")
        return answer(item_found)

    async def create(self, request: Request) -> Response:
        kind = kind_of(request)
        item = await resource_in(request, kind)
        if kind == "PaymentNotice":
            kept, is_new = cashier.hear(self.archive, item, request, f"w-{secrets.token_hex(8)}")
            return answer(kept, 201 if is_new else 200)
        kept = self.archive.put({**item, "id": f"w-{secrets.token_hex(8)}"}, clock.now())
        response = answer(kept, 201)
        response.headers["Location"] = f"{self._fhir(request)}/{kind}/{kept['id']}"
        return response

    async def everything(self, request: Request) -> Response:
        patient_id = request.path_params["id"]
        if self.archive.find("Patient", patient_id) is None:
            raise NoSuch(f"Patient/{patient_id}")
        if self.faults.take("wrong_patient"):
            patient_id = self._another(patient_id)
        found = list(self.archive.everything_of(patient_id))
        return self._page(request, found, request.query_params.multi_items())

    def _search(self, request: Request, parameters: list[tuple[str, str]]) -> Response:
        kind, told = kind_of(request), dict(parameters)
        patient_id = (told.get("patient") or told.get("subject") or "").removeprefix("Patient/")
        items = self.archive.of_patient(kind, patient_id) if patient_id else self.archive.all(kind)
        found = search.matching(items, parameters)
        if found and (patient_id or kind == "Patient") and self.faults.take("wrong_patient"):
            other = self._another(patient_id or found[0]["id"])
            found = list(self.archive.of_patient(kind, other))
        return self._page(request, found, parameters)

    def _page(
        self, request: Request, found: list[Item], parameters: list[tuple[str, str]]
    ) -> Response:
        found = search.in_order(found, dict(parameters).get("_sort", ""))
        path = request.url.path.removesuffix("/_search").removeprefix("/fhir")
        base = self._fhir(request)
        return answer(bundles.page_of(found, f"{base}{path}", base, parameters))

    def _another(self, patient_id: str) -> str:
        others = (each["id"] for each in self.archive.all("Patient") if each["id"] != patient_id)
        return str(next(others))

    def _fhir(self, request: Request) -> str:
        return f"{self._base or str(request.base_url).rstrip('/')}/fhir"
