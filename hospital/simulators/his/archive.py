"""All resources of the HIS with their versions; what changed since the start survives a restart."""

import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime

from hospital.simulators import clock
from hospital.simulators.his import systems
from hospital.simulators.his.history import written_out
from hospital.simulators.his.population import everyone
from hospital.simulators.his.reference import MEDICINES
from hospital.simulators.his.stock import stock
from hospital.simulators.shelf import Item, Shelf

TYPES = (
    "Patient",
    "Encounter",
    "Condition",
    "AllergyIntolerance",
    "Observation",
    "DiagnosticReport",
    "MedicationRequest",
    "MedicationDispense",
    "ChargeItem",
    "Invoice",
    "PaymentNotice",
    "Medication",
)


class Archive:
    def __init__(self, changed: Shelf, started: Shelf) -> None:
        self._changed = changed
        self._started = started
        self._by_type: dict[str, dict[str, Item]] = {}
        self._by_patient: dict[tuple[str, str], dict[str, Item]] = {}
        self._fill()

    def reset(self) -> None:
        self._changed.clear()
        self._started.clear()
        self._fill()

    def _fill(self) -> None:
        """The same people on the same days as at the first start, then whatever changed since."""
        if "first" not in self._started:
            self._started["first"] = {"at": clock.written(clock.now())}
        first = datetime.fromisoformat(self._started["first"]["at"])
        self._by_type = {kind: {} for kind in TYPES}
        self._by_patient = {}
        for past in everyone(first):
            for item, at in written_out(past, first):
                self._shelve(_stamped(item, at, 1))
        for medicine in MEDICINES.values():
            self._shelve(_stamped(stock(medicine, medicine.stock), first, 1))
        for item in self._changed.values():
            self._shelve(item)

    def put(self, item: Item, at: datetime) -> Item:
        """Keep a new resource, or the next version of a known one."""
        known = self.find(item["resourceType"], item["id"])
        version = int(known["meta"]["versionId"]) + 1 if known else 1
        kept = _stamped(item, at, version)
        self._shelve(kept)
        self._changed[f"{kept['resourceType']}/{kept['id']}"] = kept
        return kept

    def find(self, kind: str, item_id: str) -> Item | None:
        return self._by_type.get(kind, {}).get(item_id)

    def all(self, kind: str) -> Iterable[Item]:
        return self._by_type[kind].values()

    def of_patient(self, kind: str, patient_id: str) -> Iterable[Item]:
        return self._by_patient.get((kind, patient_id), {}).values()

    def name_of(self, id_number: str) -> str | None:
        """Whose identity number it is."""
        wanted = {"system": systems.RESIDENT_ID, "value": id_number}
        for who in self.all("Patient"):
            if any(wanted.items() <= each.items() for each in who.get("identifier", ())):
                return str(who["name"][0]["text"])
        return None

    def everything_of(self, patient_id: str) -> Iterator[Item]:
        return itertools.chain.from_iterable(self.of_patient(kind, patient_id) for kind in TYPES)

    def _shelve(self, item: Item) -> None:
        kind, item_id = item["resourceType"], item["id"]
        self._by_type[kind][item_id] = item
        if patient_id := patient_of(item):
            self._by_patient.setdefault((kind, patient_id), {})[item_id] = item


def patient_of(item: Item) -> str:
    """The id of the patient whom a resource is about; empty for stock and the like."""
    if item["resourceType"] == "Patient":
        return str(item["id"])
    reference = (item.get("subject") or item.get("patient") or {}).get("reference", "")
    kind, _, patient_id = str(reference).rpartition("/")
    return patient_id if kind.endswith("Patient") else ""


def _stamped(item: Item, at: datetime, version: int) -> Item:
    updated = at.astimezone(clock.BEIJING).isoformat(timespec="milliseconds")
    return {**item, "meta": {"versionId": str(version), "lastUpdated": updated}}
