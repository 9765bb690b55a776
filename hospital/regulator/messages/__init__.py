"""Turns news of the trail into a message of the supervision interface, schema by schema.

A message is made of the version that the event names: of what was signed, decided or said then,
never of whatever is current when the worker gets to it.
"""

from collections.abc import Callable, Mapping
from typing import Final

from hospital.regulator.messages.anchors import anchor
from hospital.regulator.messages.deliveries import delivery
from hospital.regulator.messages.message import Message
from hospital.regulator.messages.prescriptions import dispensing, issue, review, withdrawal
from hospital.regulator.messages.visits import evaluation, visit
from hospital.regulator.news import News

__all__ = ["Message", "message_of"]

_MAKERS: Final[Mapping[str, Callable[[News], Message | None]]] = {
    "consultation.close": visit,
    "consultation.refer": visit,
    "consultation.rate": evaluation,
    "prescription.sign": issue,
    "prescription.void": withdrawal,
    "prescription.approve": review,
    "prescription.return": review,
    "prescription.reject": review,
    "prescription.dispense": dispensing,
    "delivery.ship": delivery,
    "delivery.deliver": delivery,
    "audit.anchor": anchor,
}


def message_of(news: News) -> Message | None:
    """The message that this event asks for; None where there is nothing to report."""
    return _MAKERS[news.kind](news)
