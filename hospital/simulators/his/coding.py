"""The two smallest shapes of FHIR, which every other one is made of."""

from hospital.simulators.shelf import Item


def coding(system: str, code: str, display: str) -> dict[str, str]:
    return {"system": system, "code": code, "display": display}


def reference(kind: str, item_id: str) -> Item:
    return {"reference": f"{kind}/{item_id}"}
