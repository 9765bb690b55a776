"""Ask for money, take it, give it back. Everything here is safe to be told twice."""

from hospital.payments.services.alarms import raise_alarm
from hospital.payments.services.charging import close, open_charge, pay
from hospital.payments.services.hearing import hear
from hospital.payments.services.refunding import refund, send_refund
from hospital.payments.services.settling import query, settle
from hospital.payments.services.sweeping import shut, sweep

__all__ = [
    "close",
    "hear",
    "open_charge",
    "pay",
    "query",
    "raise_alarm",
    "refund",
    "send_refund",
    "settle",
    "shut",
    "sweep",
]
