"""A paper of another hospital: handed in, looked at by somebody, good until a day."""

from django.db.models import TextChoices

from hospital.kernel.lifecycle import Face, Lifecycle


class EvidenceState(TextChoices):
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REVOKED = "revoked"


EVIDENCE = Lifecycle(
    {
        (EvidenceState.SUBMITTED, "confirm"): EvidenceState.CONFIRMED,
        (EvidenceState.SUBMITTED, "refuse"): EvidenceState.REFUSED,
        (EvidenceState.SUBMITTED, "withdraw"): EvidenceState.WITHDRAWN,
        (EvidenceState.CONFIRMED, "expire"): EvidenceState.EXPIRED,
        (EvidenceState.CONFIRMED, "revoke"): EvidenceState.REVOKED,  # whoever confirmed it erred
    },
    faces={
        EvidenceState.SUBMITTED: Face("等待审核", "Waiting for review", "warn", "clock"),
        EvidenceState.CONFIRMED: Face("审核通过", "Confirmed", "ok", "badge-check"),
        EvidenceState.REFUSED: Face("没有通过", "Not accepted", "danger", "circle-x"),
        EvidenceState.WITHDRAWN: Face("已撤回", "Withdrawn", "mute", "undo-2"),
        EvidenceState.EXPIRED: Face("已过期", "Expired", "mute", "history"),
        EvidenceState.REVOKED: Face("已撤销", "Revoked", "danger", "shield-alert"),
    },
)
