"""How a look through break-glass lives, and a share."""

from django.db.models import TextChoices

from hospital.kernel.lifecycle import Face, Lifecycle


class GlassState(TextChoices):
    OPEN = "open"
    ENDED = "ended"
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


GLASS = Lifecycle(
    {
        (GlassState.OPEN, "end"): GlassState.ENDED,
        (GlassState.ENDED, "justify"): GlassState.JUSTIFIED,
        (GlassState.ENDED, "object"): GlassState.UNJUSTIFIED,
    },
    faces={
        GlassState.OPEN: Face("查阅中", "Open", "danger", "eye"),
        GlassState.ENDED: Face("等待复核", "To be reviewed", "warn", "clock"),
        GlassState.JUSTIFIED: Face("复核：理由成立", "Reviewed: justified", "ok", "badge-check"),
        GlassState.UNJUSTIFIED: Face(
            "复核：理由不成立", "Reviewed: not justified", "danger", "shield-alert"
        ),
    },
)


class ShareState(TextChoices):
    ASKED = "asked"
    STANDING = "standing"
    ENDED = "ended"
    DECLINED = "declined"
    LAPSED = "lapsed"


SHARE = Lifecycle(
    {
        (ShareState.ASKED, "agree"): ShareState.STANDING,
        (ShareState.ASKED, "decline"): ShareState.DECLINED,
        (ShareState.ASKED, "lapse"): ShareState.LAPSED,  # the visit was over before an answer
        (ShareState.STANDING, "end"): ShareState.ENDED,
    },
    faces={
        ShareState.ASKED: Face("等您决定", "Waiting for the patient", "warn", "clock"),
        ShareState.STANDING: Face("共享中", "Shared", "brand", "eye"),
        ShareState.ENDED: Face("已结束", "Ended", "mute", "circle-check"),
        ShareState.DECLINED: Face("没有同意", "Declined", "mute", "x"),
        ShareState.LAPSED: Face("已失效", "Lapsed", "mute", "history"),
    },
)
