"""Who is protected. No name in full, no word of an illness."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from admin_portal.deciding import Deciding, Step
from admin_portal.listing import YES_OR_NO, by_words
from admin_portal.site import site
from hospital.kernel.normalise import masked_name
from hospital.web.times import moment
from patients import selectors, services
from patients.models import Patient, Protection

DECIDE = "admin.protected.decide"


def _listed(decision: Protection) -> str:
    return _now("列入") if decision.is_protected else _now("移出")


@admin.register(Patient, site=site)
class Protected(Deciding):
    """Found by number; the list itself tells nobody's name in full."""

    access = "admin.protected"
    list_display = ("public_id", "masked", "is_protected")
    list_filter = (by_words("is_protected", _("受保护"), YES_OR_NO),)
    search_fields = ("public_id",)
    shows = ("public_id", "masked", "is_protected", "decided")
    steps = (
        Step(
            "protect",
            _("列入保护名单"),
            _("以后职工每次查看这位患者的资料，审计管理员都会收到告警。"),
            DECIDE,
            services.protect,
            lambda patient: not patient.is_protected,
        ),
        Step(
            "unprotect",
            _("移出保护名单"),
            _("以后查看这位患者的资料不再告警。"),
            DECIDE,
            services.unprotect,
            lambda patient: patient.is_protected,
        ),
    )

    @admin.display(description=_("患者"))
    def masked(self, patient: Patient) -> str:
        return masked_name(patient.name)

    @admin.display(description=_("谁在何时、为什么"))
    def decided(self, patient: Patient) -> str:
        rows = (
            (moment(each.at), each.by.name, _listed(each), each.why)
            for each in selectors.protections_of(patient)
        )
        return format_html_join("", "<div>{} {} {}：{}</div>", rows)

    def about(self, row: Any) -> str:
        return self.masked(row)
