"""How an alarm lives."""

from django.db.models import TextChoices

from hospital.kernel.lifecycle import Face, Lifecycle


class State(TextChoices):
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


LIFECYCLE = Lifecycle(
    {
        (State.RAISED, "acknowledge"): State.ACKNOWLEDGED,
        (State.ACKNOWLEDGED, "close"): State.CLOSED,
    },
    faces={
        State.RAISED: Face("待处理", "Raised", "danger", "circle-alert"),
        State.ACKNOWLEDGED: Face("正在查", "Being looked into", "warn", "clock"),
        State.CLOSED: Face("已关闭", "Closed", "ok", "circle-check"),
    },
)
