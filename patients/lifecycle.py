"""How a look through break-glass lives, a share, what patients ask of us, and a bill paid here."""

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


class DraftState(TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"


DRAFT = Lifecycle(
    {
        (DraftState.DRAFT, "publish"): DraftState.PUBLISHED,
        (DraftState.DRAFT, "discard"): DraftState.DISCARDED,
    },
    faces={
        DraftState.DRAFT: Face("草稿", "Draft", "mute", "pencil"),
        DraftState.PUBLISHED: Face("已发布", "Published", "ok", "circle-check"),
        DraftState.DISCARDED: Face("已放弃", "Discarded", "mute", "x"),
    },
)


class ExportState(TextChoices):
    ASKED = "asked"
    READY = "ready"
    ENDED = "ended"
    FAILED = "failed"


EXPORT = Lifecycle(
    {
        (ExportState.ASKED, "finish"): ExportState.READY,
        (ExportState.ASKED, "fail"): ExportState.FAILED,
        (ExportState.ASKED, "end"): ExportState.ENDED,  # the right to it ended meanwhile
        (ExportState.READY, "end"): ExportState.ENDED,
    },
    faces={
        ExportState.ASKED: Face("正在准备", "Being prepared", "info", "clock"),
        ExportState.READY: Face("可以下载", "Ready", "ok", "circle-check"),
        ExportState.ENDED: Face(
            "已过期，文件已删除", "Over, the file is deleted", "mute", "history"
        ),
        ExportState.FAILED: Face(
            "没有成功，请重试", "Failed, please try again", "danger", "circle-x"
        ),
    },
)


class CorrectionState(TextChoices):
    ASKED = "asked"
    MADE = "made"
    REFUSED = "refused"


CORRECTION = Lifecycle(
    {
        (CorrectionState.ASKED, "make"): CorrectionState.MADE,
        (CorrectionState.ASKED, "refuse"): CorrectionState.REFUSED,
    },
    faces={
        CorrectionState.ASKED: Face("等待医务处答复", "Waiting for an answer", "warn", "clock"),
        CorrectionState.MADE: Face("已补充更正", "Addendum made", "ok", "circle-check"),
        CorrectionState.REFUSED: Face("未更正，已说明理由", "Not corrected", "mute", "info"),
    },
)


class HoldState(TextChoices):
    STANDING = "standing"
    LIFTED = "lifted"


HOLD = Lifecycle(
    {(HoldState.STANDING, "lift"): HoldState.LIFTED},
    faces={
        HoldState.STANDING: Face("封存中", "Sealed", "danger", "lock"),
        HoldState.LIFTED: Face("已解除", "Lifted", "mute", "circle-check"),
    },
)


class BillPaymentState(TextChoices):
    OPEN = "open"
    PAID = "paid"
    TOLD = "told"
    RETURNED = "returned"
    CLOSED = "closed"


BILL_PAYMENT = Lifecycle(
    {
        (BillPaymentState.OPEN, "pay"): BillPaymentState.PAID,
        # nobody paid in time, or the bill was settled at the window meanwhile
        (BillPaymentState.OPEN, "close"): BillPaymentState.CLOSED,
        (BillPaymentState.PAID, "tell"): BillPaymentState.TOLD,
        # the hospital's cashiers had the money already: ours goes back
        (BillPaymentState.PAID, "return"): BillPaymentState.RETURNED,
    },
    faces={
        BillPaymentState.OPEN: Face("待支付", "To pay", "warn", "wallet"),
        BillPaymentState.PAID: Face(
            "已支付，正在通知窗口", "Paid, being reported", "info", "clock"
        ),
        BillPaymentState.TOLD: Face("已缴清", "Settled", "ok", "circle-check"),
        BillPaymentState.RETURNED: Face(
            "已在窗口缴过，退款中", "Paid twice, refunded", "mute", "undo-2"
        ),
        BillPaymentState.CLOSED: Face("已关闭", "Closed", "mute", "x"),
    },
)
