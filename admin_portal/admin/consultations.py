"""Consultations as orders: who, whom, when, in which state. Nothing of what was said."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from admin_portal import shown
from admin_portal.base import Looking
from admin_portal.listing import by_state, by_words
from admin_portal.site import site
from hospital.consultations.lifecycle import LIFECYCLE
from hospital.consultations.models import Consultation

KINDS = {"followup": _("复诊"), "advice": _("咨询")}


@admin.register(Consultation, site=site)
class Consultations(Looking):
    access = "admin.consultations"
    related = ("patient", "doctor__department", "charge")
    list_display = (
        "public_id",
        "shown_kind",
        shown.state,
        shown.patient,
        "doctor",
        shown.money("fee_fen", _("金额")),
        "ordered_at",
    )
    list_filter = (by_state(LIFECYCLE), by_words("kind", _("类型"), KINDS))
    search_fields = ("public_id",)
    shows = (
        "timeline",
        "shown_kind",
        shown.state,
        shown.patient,
        "doctor",
        shown.money("fee_fen", _("金额")),
        "charge",
        "ordered_at",
        "paid_at",
        "accept_by",
        "accepted_at",
        "open_until",
        "ended_at",
        "end_reason",
        "last_seq",
    )

    @admin.display(description=_("类型"))
    def shown_kind(self, consultation: Consultation) -> str:
        return str(KINDS[consultation.kind])

    @admin.display(description=_("经过"))
    def timeline(self, consultation: Consultation) -> str:
        return shown.visit(consultation.public_id)
