"""Order, attend, talk, end, rate: the only writers of this room."""

from hospital.consultations.services.attending import accept, close, decline, refer
from hospital.consultations.services.handing import end_handover, relieve
from hospital.consultations.services.hearing import on_event
from hospital.consultations.services.inviting import invite
from hospital.consultations.services.judging import judge
from hospital.consultations.services.looking import look
from hospital.consultations.services.ordering import cancel, order
from hospital.consultations.services.practising import require_practice
from hospital.consultations.services.rating import rate
from hospital.consultations.services.standing import recount, recount_all
from hospital.consultations.services.steps import group_of
from hospital.consultations.services.sweeping import sweep
from hospital.consultations.services.taking import take_over
from hospital.consultations.services.talking import post_card, read, say

__all__ = [
    "accept",
    "cancel",
    "close",
    "decline",
    "end_handover",
    "group_of",
    "invite",
    "judge",
    "look",
    "on_event",
    "order",
    "post_card",
    "rate",
    "read",
    "recount",
    "recount_all",
    "refer",
    "relieve",
    "require_practice",
    "say",
    "sweep",
    "take_over",
]
