"""Keeps the mirror fresh: by pulling what changed, and by asking about one person now.

Not atomic: the hospital's system is asked first, then each answer is taken over in a transaction
of its own together with how far the pull has come.
"""

from hospital.his.gateways import patience
from hospital.his.services.mending import retry, retry_strangers
from hospital.his.services.paying import Answer, ask_bill, tell_paid
from hospital.his.services.pulling import RESOURCES, pull, pull_all
from hospital.his.services.refreshing import refresh

__all__ = [
    "RESOURCES",
    "Answer",
    "ask_bill",
    "patience",
    "pull",
    "pull_all",
    "refresh",
    "retry",
    "retry_strangers",
    "tell_paid",
]
