"""Prescriptions, what was handed out and sent, and the pharmacy's shelf."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from admin_portal import shown
from admin_portal.base import Looking, Rows
from admin_portal.listing import YES_OR_NO, by_state, by_words
from admin_portal.site import site
from prescriptions.lifecycle import DELIVERY, LIFECYCLE
from prescriptions.models import Delivery, Dispensing, Drug, Line, Prescription

MODES = {"courier": _("快递"), "window": _("自取")}


class Lines(Rows):
    model = Line
    related = ("drug",)
    shows = ("position", "drug", "dose", "dose_unit", "frequency", "route", "days", "packs")


@admin.register(Prescription, site=site)
class Prescriptions(Looking):
    """Who wrote it, who reviewed it, whether both signed the same. No diagnosis, no note."""

    access = "admin.prescriptions"
    related = ("consultation", "patient", "doctor", "reviewer", "charge", "decision")
    list_display = (
        "number",
        "version",
        shown.state,
        shown.patient,
        "doctor",
        "reviewer",
        "signed_at",
        "reviewed_at",
    )
    list_filter = (by_state(LIFECYCLE),)
    search_fields = ("number", "public_id")
    shows = (
        shown.case,
        "number",
        "version",
        shown.state,
        shown.patient,
        "doctor",
        "signed_at",
        "second_signature",
        "valid_until",
        "reviewer",
        "reviewed_at",
        "digest",
        "reviewed_digest",
        "decision",
        shown.money("amount_fen", _("药费")),
        "charge",
    )
    inlines = (Lines,)


@admin.register(Dispensing, site=site)
class Dispensings(Looking):
    access = "admin.prescriptions"
    related = ("prescription", "by")
    list_display = ("public_id", "prescription", "by", "at")
    search_fields = ("public_id", "prescription__number")
    shows = ("public_id", "prescription", "by", "at", "batches")


@admin.register(Delivery, site=site)
class Deliveries(Looking):
    access = "admin.prescriptions"
    related = ("prescription",)
    list_display = ("public_id", "prescription", "shown_mode", shown.state, "waybill", "shipped_at")
    list_filter = (by_state(DELIVERY), by_words("mode", _("取药方式"), MODES))
    search_fields = ("public_id", "waybill", "prescription__number")
    shows = (
        "public_id",
        "prescription",
        "shown_mode",
        shown.state,
        shown.money("fee_fen", _("运费")),
        "waybill",
        "shipped_at",
        "delivered_at",
    )

    @admin.display(description=_("取药方式"))
    def shown_mode(self, delivery: Delivery) -> str:
        return str(MODES[delivery.mode])


@admin.register(Drug, site=site)
class Drugs(Looking):
    access = "admin.stock"
    list_display = (
        "name",
        "pack",
        shown.money("price_fen", _("单价")),
        "packs",
        "is_sold",
        "atc",
    )
    list_filter = (by_words("is_sold", _("在售"), YES_OR_NO),)
    search_fields = ("name", "key", "atc")
    search_help_text = _("按完整的药名或 ATC 编码查找。")
    shows = (
        "key",
        "name",
        "strength",
        "pack",
        "pack_size",
        shown.money("price_fen", _("单价")),
        "packs",
        "atc",
        "is_sold",
    )
