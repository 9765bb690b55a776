"""Resources within resources: what only their container can be asked for."""

from typing import Any

from hospital.his.reading.basics import PART, Resource

_HANDED_DOWN = ("subject", "status", "effectiveDateTime", "effectivePeriod", "issued")


def contained(resource: Resource, reference: Resource | None) -> Resource | None:
    """The resource within `resource` that `#…` points to."""
    wanted = str((reference or {}).get("reference", ""))
    if not wanted.startswith("#"):
        return None
    inside = resource.get("contained") or []
    return next((each for each in inside if each.get("id") == wanted[1:]), None)


def observations(report: Resource) -> list[Resource]:
    """The results that a report carries within itself, each standing on its own.

    They belong to the patient and the time of their report, whatever they say themselves.
    """
    found = [contained(report, each) for each in _list(report.get("result"))]
    return [
        {
            **{name: report[name] for name in _HANDED_DOWN if name in report},
            **{name: value for name, value in each.items() if name != "subject"},
            "id": inner_id(report["id"], each["id"]),
            "meta": report["meta"],
        }
        for each in found
        if each is not None and each.get("resourceType") == "Observation"
    ]


def inner_id(container: str, inside: str) -> str:
    return f"{container}{PART}{inside}"


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else []
