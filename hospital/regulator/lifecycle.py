"""How an upload lives."""

from django.db.models import TextChoices

from hospital.kernel.lifecycle import Face, Lifecycle


class State(TextChoices):
    PENDING = "pending"
    ACKNOWLEDGED = "acknowledged"
    QUARANTINED = "quarantined"


LIFECYCLE = Lifecycle(
    {
        (State.PENDING, "acknowledge"): State.ACKNOWLEDGED,
        (State.PENDING, "quarantine"): State.QUARANTINED,
        (State.QUARANTINED, "mend"): State.PENDING,
    },
    faces={
        State.PENDING: Face("待上报", "Pending", "info", "clock"),
        State.ACKNOWLEDGED: Face("已确认", "Acknowledged", "ok", "circle-check"),
        State.QUARANTINED: Face("需人工处理", "Quarantined", "danger", "circle-alert"),
    },
)
