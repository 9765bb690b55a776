"""How a credential lives."""

from django.db.models import TextChoices

from hospital.kernel.lifecycle import Face, Lifecycle


class State(TextChoices):
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"  # a renewal took its place


LIFECYCLE = Lifecycle(
    {
        (State.SUBMITTED, "approve"): State.APPROVED,
        (State.SUBMITTED, "refuse"): State.REFUSED,
        (State.APPROVED, "suspend"): State.SUSPENDED,
        (State.APPROVED, "lapse"): State.LAPSED,
        (State.SUSPENDED, "restore"): State.APPROVED,
    },
    faces={
        State.SUBMITTED: Face("待审核", "Submitted", "warn", "clock"),
        State.APPROVED: Face("已通过", "Approved", "ok", "badge-check"),
        State.REFUSED: Face("未通过", "Refused", "danger", "circle-x"),
        State.SUSPENDED: Face("已暂停", "Suspended", "danger", "ban"),
        State.LAPSED: Face("已更新", "Renewed", "mute", "history"),
    },
)
