"""How a prescription lives, and how its medicines travel."""

from django.db.models import TextChoices

from hospital.kernel.lifecycle import Face, Lifecycle


class State(TextChoices):
    DRAFT = "draft"
    SIGNED = "signed"
    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"
    DISPENSED = "dispensed"
    EXPIRED = "expired"
    VOID = "void"


LIFECYCLE = Lifecycle(
    {
        (State.DRAFT, "sign"): State.SIGNED,
        (State.SIGNED, "approve"): State.APPROVED,
        (State.SIGNED, "return"): State.RETURNED,
        (State.SIGNED, "reject"): State.REJECTED,
        (State.APPROVED, "dispense"): State.DISPENSED,
        (State.APPROVED, "expire"): State.EXPIRED,
        (State.SIGNED, "expire"): State.EXPIRED,
        # withdrawn by the doctor, replaced by a new version, or the visit was terminated
        (State.DRAFT, "void"): State.VOID,
        (State.SIGNED, "void"): State.VOID,
        (State.RETURNED, "void"): State.VOID,
        (State.APPROVED, "void"): State.VOID,
    },
    faces={
        State.DRAFT: Face("草稿", "Draft", "mute", "pencil"),
        State.SIGNED: Face("药师审核中", "In review", "violet", "shield-check"),
        State.APPROVED: Face("审核通过", "Approved", "ok", "badge-check"),
        State.RETURNED: Face("退回修改", "Returned", "warn", "undo-2"),
        State.REJECTED: Face("审核未通过", "Rejected", "danger", "circle-x"),
        State.DISPENSED: Face("已发药", "Dispensed", "ok", "package"),
        State.EXPIRED: Face("已过期", "Expired", "mute", "history"),
        State.VOID: Face("已作废", "Void", "mute", "x"),
    },
)


class DeliveryState(TextChoices):
    ORDERED = "ordered"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"


DELIVERY = Lifecycle(
    {
        (DeliveryState.ORDERED, "pack"): DeliveryState.PACKED,  # paid
        (DeliveryState.PACKED, "ship"): DeliveryState.SHIPPED,
        (DeliveryState.PACKED, "deliver"): DeliveryState.DELIVERED,  # at the window only
        (DeliveryState.SHIPPED, "deliver"): DeliveryState.DELIVERED,
        (DeliveryState.SHIPPED, "return"): DeliveryState.RETURNED,  # the courier brought it back
        # the prescription became void or expired before anything left the pharmacy
        (DeliveryState.ORDERED, "cancel"): DeliveryState.CANCELLED,
        (DeliveryState.PACKED, "cancel"): DeliveryState.CANCELLED,
    },
    faces={
        DeliveryState.ORDERED: Face("待缴费", "To pay", "warn", "wallet"),
        DeliveryState.PACKED: Face("药房配药中", "Being packed", "info", "package"),
        DeliveryState.SHIPPED: Face("配送中", "On the way", "info", "truck"),
        DeliveryState.DELIVERED: Face("已签收", "Delivered", "ok", "circle-check"),
        DeliveryState.RETURNED: Face("已退回药房", "Sent back", "warn", "undo-2"),
        DeliveryState.CANCELLED: Face("已取消", "Cancelled", "mute", "x"),
    },
)
