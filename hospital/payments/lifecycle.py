"""How a charge and a refund live."""

from django.db.models import TextChoices

from hospital.kernel.lifecycle import Face, Lifecycle


class ChargeState(TextChoices):
    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"


CHARGE = Lifecycle(
    {
        (ChargeState.OPEN, "settle"): ChargeState.PAID,
        (ChargeState.OPEN, "close"): ChargeState.CLOSED,
        # money that came after we had closed: taken, and given back at once
        (ChargeState.CLOSED, "settle"): ChargeState.PAID,
    },
    faces={
        ChargeState.OPEN: Face("待支付", "To pay", "warn", "wallet"),
        ChargeState.PAID: Face("已支付", "Paid", "ok", "circle-check"),
        ChargeState.CLOSED: Face("已关闭", "Closed", "mute", "x"),
    },
)


class RefundState(TextChoices):
    ASKED = "asked"
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"


REFUND = Lifecycle(
    {
        (RefundState.ASKED, "send"): RefundState.PROCESSING,
        (RefundState.ASKED, "finish"): RefundState.DONE,
        (RefundState.PROCESSING, "finish"): RefundState.DONE,
        (RefundState.ASKED, "fail"): RefundState.FAILED,
        (RefundState.PROCESSING, "fail"): RefundState.FAILED,
        (RefundState.FAILED, "send"): RefundState.PROCESSING,  # again, with the same number
        (RefundState.FAILED, "finish"): RefundState.DONE,
    },
    faces={
        RefundState.ASKED: Face("退款中", "Refunding", "warn", "undo-2"),
        RefundState.PROCESSING: Face("退款中", "Refunding", "warn", "undo-2"),
        RefundState.DONE: Face("已退款", "Refunded", "mute", "undo-2"),
        RefundState.FAILED: Face(
            "退款受阻，财务正在处理", "Refund held up", "danger", "circle-alert"
        ),
    },
)
