"""DELIVERY, twice under one number: when the medicines leave, and when they arrive."""

from typing import Final

from hospital.kernel.money import yuan
from hospital.regulator import selectors
from hospital.regulator.messages.message import Message, written
from hospital.regulator.news import News
from prescriptions.pharmacy import medicine_of

MODES: Final = {"courier": "courier", "window": "pickup"}
COLD: Final = {"bool": True, "min": 2, "max": 8}  # degrees Celsius
NOT_COLD: Final = {"bool": False}


def delivery(news: News) -> Message:
    delivery = selectors.delivery(news.thing)
    prescription = delivery.prescription
    drugs = selectors.drugs_of(prescription).values()
    is_cold = any(medicine_of(drug).is_refrigerated for drug in drugs)
    arrived = news.step == "deliver"
    return Message(
        biz_id=prescription.number,
        payload={
            "rx_no": prescription.number,
            "visit_no": str(prescription.consultation.public_id),
            "mode": MODES[delivery.mode],
            "carrier": "courier" if delivery.waybill else "",
            "waybill": delivery.waybill or "",
            "ship_time": written(delivery.shipped_at),
            "sign_time": written(delivery.delivered_at) if arrived else "",
            "receiver": (delivery.to or {}).get("name", ""),
            "cold_chain": COLD if is_cold else NOT_COLD,
            "fee": yuan(delivery.fee_fen),
        },
    )
