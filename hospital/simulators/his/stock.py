"""A medicine in the HIS's catalogue, its packs on hand and its price."""

from hospital.simulators.his import systems
from hospital.simulators.his.coding import coding
from hospital.simulators.his.reference import Medicine
from hospital.simulators.shelf import Item


def stock(medicine: Medicine, on_hand: int) -> Item:
    """A Medication whose extensions tell the packs on hand and the price of one."""
    return {
        "resourceType": "Medication",
        "id": medicine.code,
        "identifier": [{"system": systems.MEDICINE, "value": medicine.code}],
        "status": "active",
        "code": medicine_code(medicine),
        "form": {"text": medicine.form},
        "extension": [
            {"url": systems.STOCK_EXTENSION, "valueQuantity": {"value": on_hand, "unit": "盒"}},
            {
                "url": systems.PRICE_EXTENSION,
                "valueMoney": {"value": float(medicine.price), "currency": "CNY"},
            },
        ],
    }


def medicine_code(medicine: Medicine) -> Item:
    codings = [coding(systems.MEDICINE, medicine.code, medicine.name)]
    if medicine.atc:
        codings.append(coding(systems.ATC, medicine.atc, medicine.name))
    return {"coding": codings, "text": f"{medicine.name} {medicine.strength}"}
