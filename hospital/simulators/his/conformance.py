"""The CapabilityStatement by which a FHIR client learns what this server can do."""

from hospital.simulators import clock
from hospital.simulators.his.archive import TYPES
from hospital.simulators.his.bundles import FHIR_JSON
from hospital.simulators.his.search import TESTS
from hospital.simulators.shelf import Item

INTERACTIONS = ("read", "search-type", "create", "update")


def capability_statement() -> Item:
    searches = [{"name": name, "type": "string"} for name in TESTS]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": clock.written(clock.now()),
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON],
        "implementation": {"description": "模拟院内 HIS，数据均为虚构"},
        "rest": [
            {
                "mode": "server",
                "resource": [
                    {
                        "type": kind,
                        "interaction": [{"code": each} for each in INTERACTIONS],
                        "searchParam": searches,
                    }
                    for kind in TYPES
                ],
            }
        ],
    }
