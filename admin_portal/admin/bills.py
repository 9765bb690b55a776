"""Bills of the hospital paid online, for the finance office. What they are for is not shown."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from admin_portal import shown
from admin_portal.base import Looking
from admin_portal.listing import by_state
from admin_portal.site import site
from hospital.kernel.money import yuan
from patients.lifecycle import BILL_PAYMENT
from patients.models import BillPayment


@admin.register(BillPayment, site=site)
class BillPayments(Looking):
    access = "admin.bills"
    related = ("bill", "charge")
    list_display = (
        "charge",
        "bill",
        "amount",
        shown.state,
        "tries",
        "at",
        "told_at",
    )
    list_filter = (by_state(BILL_PAYMENT),)
    search_fields = ("public_id", "charge__trade_no", "bill__fhir_id")
    shows = (
        "public_id",
        "charge",
        "bill",
        "amount",
        shown.state,
        "at",
        "due_at",
        "tries",
        "told_at",
    )

    @admin.display(description=_("金额"))
    def amount(self, payment: BillPayment) -> str:
        return f"¥{yuan(payment.charge.amount_fen)}"
