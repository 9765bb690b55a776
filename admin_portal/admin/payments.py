"""Money for the finance office: what was asked, paid and given back, and what does not add up."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from admin_portal import shown
from admin_portal.base import Looking, Rows
from admin_portal.listing import by_state, by_words
from admin_portal.site import site
from hospital.payments.lifecycle import CHARGE, REFUND
from hospital.payments.models import Alarm, Charge, Entry, Refund

ACCOUNTS = {
    "gateway": _("支付渠道"),
    "consultation": _("诊查费"),
    "medicines": _("药费"),
    "bill": _("院内账单"),
    "delivery": _("运费"),
    "held": _("待退"),
}


class Refunds(Rows):
    model = Refund
    shows = ("refund_no", shown.money("amount_fen", _("金额")), shown.state, "asked_at", "done_at")


class Entries(Rows):
    model = Entry
    shows = ("posting", "account", shown.money("amount_fen", _("金额")), "at")


@admin.register(Charge, site=site)
class Charges(Looking):
    access = "admin.money"
    list_display = (
        "trade_no",
        "what",
        shown.money("amount_fen", _("金额")),
        shown.money("refunded_fen", _("已退")),
        shown.state,
        "opened_at",
        "paid_at",
    )
    list_filter = (by_state(CHARGE),)
    search_fields = ("trade_no", "transaction_id", "public_id", "subject")
    shows = (
        "trade_no",
        "transaction_id",
        "shown_kind",
        "subject",
        "what",
        shown.money("amount_fen", _("金额")),
        shown.money("refunded_fen", _("已退")),
        shown.state,
        "opened_at",
        "expires_at",
        "paid_at",
        "asked_at",
    )
    inlines = (Refunds, Entries)

    @admin.display(description=_("类型"))
    def shown_kind(self, charge: Charge) -> str:
        return str(ACCOUNTS.get(charge.kind, charge.kind))


@admin.register(Refund, site=site)
class RefundTable(Looking):
    access = "admin.money"
    related = ("charge",)
    list_display = (
        "refund_no",
        "charge",
        shown.money("amount_fen", _("金额")),
        shown.state,
        "reason",
        "tries",
        "asked_at",
        "done_at",
    )
    list_filter = (by_state(REFUND),)
    search_fields = ("refund_no", "charge__trade_no", "public_id")
    shows = (
        "refund_no",
        "charge",
        shown.money("amount_fen", _("金额")),
        shown.state,
        "reason",
        "asked_at",
        "due_at",
        "tries",
        "done_at",
        "error",
    )


@admin.register(Entry, site=site)
class EntryTable(Looking):
    access = "admin.money"
    related = ("charge", "refund")
    list_display = (
        "posting",
        "shown_account",
        shown.money("amount_fen", _("金额")),
        "charge",
        "refund",
        "at",
    )
    list_filter = (by_words("account", _("科目"), ACCOUNTS),)
    search_fields = ("posting", "charge__trade_no")
    shows = (
        "posting",
        "shown_account",
        shown.money("amount_fen", _("金额")),
        "charge",
        "refund",
        "at",
    )

    @admin.display(description=_("科目"))
    def shown_account(self, entry: Entry) -> str:
        return str(ACCOUNTS.get(entry.account, entry.account))


@admin.register(Alarm, site=site)
class Alarms(Looking):
    access = "admin.money"
    list_display = ("at", "kind", "trade_no")
    search_fields = ("trade_no", "kind")
    shows = ("at", "kind", "trade_no", "facts")
