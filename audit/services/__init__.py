"""Writes the trail, and raises alarms over it."""

from audit.services.alarms import acknowledge, alarm, alarm_anyhow, close, say_untold
from audit.services.announcing import announce_head
from audit.services.recording import note_failure, record, witness
from audit.services.strangers import sum_strangers_up

__all__ = [
    "acknowledge",
    "alarm",
    "alarm_anyhow",
    "announce_head",
    "close",
    "note_failure",
    "record",
    "say_untold",
    "sum_strangers_up",
    "witness",
]
