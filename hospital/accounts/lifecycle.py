"""How a role comes to a person: one security administrator asks, another one decides."""

from django.db.models import TextChoices

from hospital.kernel.lifecycle import Face, Lifecycle


class State(TextChoices):
    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


LIFECYCLE = Lifecycle(
    {
        (State.ASKED, "grant"): State.DONE,
        (State.ASKED, "refuse"): State.REFUSED,
        (State.ASKED, "withdraw"): State.WITHDRAWN,
    },
    faces={
        State.ASKED: Face("等第二个人决定", "Waits for a second person", "warn", "clock"),
        State.DONE: Face("已生效", "In effect", "ok", "badge-check"),
        State.REFUSED: Face("未同意", "Refused", "danger", "circle-x"),
        State.WITHDRAWN: Face("已撤回", "Withdrawn", "mute", "history"),
    },
)
