"""Visits whose doctor may not go on: who was asked, who took it, what it came to."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from admin_portal import shown
from admin_portal.deciding import Deciding, Step
from admin_portal.listing import by_state
from admin_portal.site import site
from hospital.consultations import services
from hospital.consultations.lifecycle import HANDOVER
from hospital.consultations.models import Handover

REASONS = {
    "unattended": _("没有人接手"),
    "resumed": _("原来的医生恢复执业"),
    "over": _("问诊已经结束"),
}


@admin.register(Handover, site=site)
class Handovers(Deciding):
    access = "admin.handovers"
    related = ("consultation__patient", "former__department", "taken_by")
    list_display = ("former", "department", shown.state, "asked_at", "until", "taken_by")
    list_filter = (by_state(HANDOVER),)
    search_fields = ("public_id", "consultation__public_id")
    shows = (
        "timeline",
        "former",
        "department",
        shown.state,
        "patient",
        "asked_at",
        "until",
        "taken_by",
        "taken_at",
        "ended_at",
        "ending",
    )
    steps = (
        Step(
            "end",
            _("转线下并全额退款"),
            _("没有医生能接手时，不必等到时限：问诊马上结束，费用原路全额退回，患者会收到通知。"),
            "admin.handovers.end",
            services.end_handover,
            lambda row: row.state == "asked",
            asks_why=False,
            grave=True,
        ),
    )

    def about(self, handover: Handover) -> str:
        return f"{handover.former.name} {handover.former.department.name}"

    @admin.display(description=_("科室"))
    def department(self, handover: Handover) -> str:
        return handover.former.department.name

    @admin.display(description=_("患者"))
    def patient(self, handover: Handover) -> str:
        return str(shown.patient(handover.consultation))

    @admin.display(description=_("结果"))
    def ending(self, handover: Handover) -> Any:
        return REASONS.get(handover.end_reason, shown.NOTHING)

    @admin.display(description=_("经过"))
    def timeline(self, handover: Handover) -> str:
        return shown.visit(handover.consultation.public_id)
