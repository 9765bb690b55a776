"""A bill of the hospital, paid here."""

from django.db.models import TextChoices

from hospital.kernel.lifecycle import Face, Lifecycle


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
