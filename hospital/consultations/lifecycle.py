"""How a consultation lives, and how it goes to another doctor when its own may not go on."""

from django.db.models import TextChoices

from hospital.kernel.lifecycle import Face, Lifecycle


class State(TextChoices):
    UNPAID = "unpaid"
    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    DECLINED = "declined"
    LAPSED = "lapsed"
    REFERRED = "referred"


LIFECYCLE = Lifecycle(
    {
        (State.UNPAID, "pay"): State.WAITING,
        (State.UNPAID, "cancel"): State.CANCELLED,
        (State.UNPAID, "expire"): State.EXPIRED,
        (State.UNPAID, "withdraw"): State.CANCELLED,  # the doctor may not practise any more
        (State.WAITING, "accept"): State.OPEN,
        (State.WAITING, "cancel"): State.CANCELLED,
        (State.WAITING, "decline"): State.DECLINED,
        (State.WAITING, "lapse"): State.LAPSED,
        (State.WAITING, "withdraw"): State.CANCELLED,
        (State.OPEN, "close"): State.CLOSED,
        (State.OPEN, "refer"): State.REFERRED,  # must not go on online
    },
    faces={
        State.UNPAID: Face("待支付", "To pay", "warn", "wallet"),
        State.WAITING: Face("待接诊", "Waiting", "info", "clock"),
        State.OPEN: Face("问诊中", "In progress", "brand", "message-circle"),
        State.CLOSED: Face("已结束", "Ended", "mute", "circle-check"),
        State.CANCELLED: Face("已取消", "Cancelled", "mute", "x"),
        State.EXPIRED: Face("超时未支付", "Not paid in time", "mute", "history"),
        State.DECLINED: Face("医生退诊", "Declined", "danger", "ban"),
        State.LAPSED: Face("超时未接诊", "Not accepted in time", "mute", "history"),
        State.REFERRED: Face("已转线下", "Referred offline", "danger", "hospital"),
    },
)

ALIVE = (State.UNPAID, State.WAITING, State.OPEN)
ENDED = frozenset(State) - frozenset(ALIVE)


class HandoverState(TextChoices):
    ASKED = "asked"
    TAKEN = "taken"
    ENDED = "ended"


HANDOVER = Lifecycle(
    {
        (HandoverState.ASKED, "take"): HandoverState.TAKEN,
        # nobody took it in time, its doctor came back, or the visit was over anyway
        (HandoverState.ASKED, "end"): HandoverState.ENDED,
    },
    faces={
        HandoverState.ASKED: Face("等待接手", "To be taken over", "warn", "clock"),
        HandoverState.TAKEN: Face("已接手", "Taken over", "ok", "circle-check"),
        HandoverState.ENDED: Face("已了结", "Ended", "mute", "history"),
    },
)
