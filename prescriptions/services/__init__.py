"""Write, sign, review, order, dispense, deliver: the only writers of this room."""

from prescriptions.services.delivering import (
    ask_courier,
    collect_instead,
    hear_courier,
    receive,
    ship,
)
from prescriptions.services.dispensing import dispense
from prescriptions.services.ending import expire, revise, void, void_all, void_unfinished
from prescriptions.services.looking import look, look_back
from prescriptions.services.ordering import order_medicines, paid
from prescriptions.services.reviewing import approve, reject, send_back
from prescriptions.services.sets import apply_set, drop_set, keep_set
from prescriptions.services.signing import sign
from prescriptions.services.sweeping import sweep
from prescriptions.services.writing import Wish, begin, change, check, copy

__all__ = [
    "Wish",
    "apply_set",
    "approve",
    "ask_courier",
    "begin",
    "change",
    "check",
    "collect_instead",
    "copy",
    "dispense",
    "drop_set",
    "expire",
    "hear_courier",
    "keep_set",
    "look",
    "look_back",
    "order_medicines",
    "paid",
    "receive",
    "reject",
    "revise",
    "send_back",
    "ship",
    "sign",
    "sweep",
    "void",
    "void_all",
    "void_unfinished",
]
