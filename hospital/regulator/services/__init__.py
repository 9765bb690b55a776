"""Queue what the trail tells, send it in order, settle what was answered, mend what was refused."""

from hospital.regulator.services.mending import mend
from hospital.regulator.services.queueing import on_event
from hospital.regulator.services.sending import upload_next

__all__ = ["mend", "on_event", "upload_next"]
