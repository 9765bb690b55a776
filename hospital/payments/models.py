"""Charges, refunds, what the gateway told us, and the ledger. Money is integer fen."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospital.kernel.lifecycle import Face
from hospital.payments import guards
from hospital.payments.lifecycle import CHARGE, REFUND, ChargeState, RefundState


class Charge(models.Model):
    """One sum that one person is asked for, for one thing of a room above."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16)  # consultation | medicines; whose hooks are called
    subject = models.UUIDField()  # the public id of what is paid for
    payer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="charges")
    about = models.UUIDField(null=True)  # the patient
    stream = models.UUIDField(null=True)  # the visit
    what = models.CharField(
        max_length=60
    )  # as the payer reads it; no clinical words: it leaves the house
    amount_fen = models.PositiveIntegerField()
    refunded_fen = models.PositiveIntegerField(default=0)  # asked for, unless failed for good
    state = models.CharField(max_length=8, choices=ChargeState, default=ChargeState.OPEN)
    trade_no = models.CharField(max_length=32, unique=True)  # ours, out_trade_no
    prepay = models.CharField(max_length=300, blank=True)  # where the payer goes to pay
    transaction_id = models.CharField(max_length=64, null=True, unique=True)  # the gateway's
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when the gateway was last asked about it
    shut_at = models.DateTimeField(null=True)  # closed at the gateway too: nobody can pay it

    class Meta:
        verbose_name = _("收费")
        verbose_name_plural = _("收费")
        indexes = [
            models.Index(fields=["payer", "-opened_at"], name="charge_newest"),
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="charge_open"),
            models.Index(
                fields=["id"],
                condition=Q(state="closed", asked_at__isnull=False, shut_at=None),
                name="charge_still_payable",
            ),
        ]
        constraints = [
            models.CheckConstraint(name="charge_state", condition=Q(state__in=ChargeState.values)),
            models.CheckConstraint(name="charge_of_something", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="charge_refunds_within", condition=Q(refunded_fen__lte=F("amount_fen"))
            ),
            models.CheckConstraint(
                name="charge_paid_has_proof",
                condition=~Q(state="paid") | Q(paid_at__isnull=False, transaction_id__isnull=False),
            ),
            models.CheckConstraint(
                name="charge_refunds_of_captured", condition=Q(refunded_fen=0) | Q(state="paid")
            ),
            models.UniqueConstraint(  # alive: to be paid, or paid and not all given back
                fields=["kind", "subject"],
                condition=~Q(state="closed") & Q(refunded_fen__lt=F("amount_fen")),
                name="charge_once_for_a_thing",
            ),
        ]
        triggers = [
            guards.lifecycle(CHARGE),
            pgtrigger.ReadOnly(
                name="said_once",
                fields=[
                    *("public_id", "kind", "subject", "payer", "about", "stream", "what"),
                    *("amount_fen", "trade_no", "opened_at", "expires_at"),
                ],
            ),
            guards.proof_stays(),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.trade_no

    @property
    def face(self) -> Face:
        return CHARGE.faces[self.state]


class Refund(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="refunds")
    amount_fen = models.PositiveIntegerField()
    reason = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=RefundState, default=RefundState.ASKED)
    refund_no = models.CharField(
        max_length=32, unique=True
    )  # fixed before the first call, kept on retry
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()  # when to try next
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("退款")
        verbose_name_plural = _("退款")
        indexes = [models.Index(fields=["due_at"], condition=~Q(state="done"), name="refund_due")]
        constraints = [
            models.CheckConstraint(name="refund_state", condition=Q(state__in=RefundState.values)),
            models.CheckConstraint(name="refund_of_something", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="refund_done_has_time", condition=~Q(state="done") | Q(done_at__isnull=False)
            ),
        ]
        triggers = [
            guards.lifecycle(REFUND),
            guards.refunds_within_captured(),
            pgtrigger.ReadOnly(
                name="said_once",
                fields=["public_id", "charge", "amount_fen", "reason", "refund_no", "asked_at"],
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.refund_no

    @property
    def face(self) -> Face:
        return REFUND.faces[self.state]


class Notification(models.Model):
    """A word of the gateway that we acted on, once."""

    gateway = models.CharField(max_length=12)  # wechat
    notification_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # of the raw body

    class Meta:
        verbose_name = _("支付通知")
        verbose_name_plural = _("支付通知")
        constraints = [
            models.UniqueConstraint(fields=["gateway", "notification_id"], name="notification_once")
        ]

    def __str__(self) -> str:
        return self.notification_id


class Entry(models.Model):
    """One side of a posting. The entries of a posting sum to zero; a trigger sees to it."""

    posting = models.UUIDField()
    account = models.CharField(
        max_length=24
    )  # gateway | consultation | medicines | delivery | held
    amount_fen = models.IntegerField()  # + debit, - credit
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="entries")
    refund = models.ForeignKey(Refund, models.PROTECT, null=True, related_name="entries")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("分录")
        verbose_name_plural = _("分录")
        indexes = [models.Index(fields=["posting"], name="entry_posting")]
        constraints = [
            models.CheckConstraint(name="entry_of_something", condition=~Q(amount_fen=0))
        ]
        triggers = [guards.append_only(), guards.posting_sums_to_zero()]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_fen}"


class Alarm(models.Model):
    """Something about money that a person must look at; nothing was changed because of it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=32)
    trade_no = models.CharField(max_length=32, blank=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("收费告警")
        verbose_name_plural = _("收费告警")
        triggers = [guards.append_only()]

    def __str__(self) -> str:
        return self.kind
