"""The mirror of the hospital's system, for IT: how far it has come, what it could not take over."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_portal.base import Looking
from admin_portal.deciding import Deciding, Step
from admin_portal.listing import by_words
from admin_portal.site import site
from hospital.his import services
from hospital.his.models import Cursor, Quarantined, Stock

KINDS = {
    "Patient": gettext_lazy("患者"),
    "Encounter": gettext_lazy("就诊"),
    "Condition": gettext_lazy("诊断"),
    "AllergyIntolerance": gettext_lazy("过敏"),
    "Observation": gettext_lazy("检验项目"),
    "DiagnosticReport": gettext_lazy("报告"),
    "MedicationRequest": gettext_lazy("用药"),
    "ChargeItem": gettext_lazy("收费项目"),
    "Invoice": gettext_lazy("账单"),
    "Medication": gettext_lazy("药房库存"),
}


@admin.register(Cursor, site=site)
class Cursors(Looking):
    access = "admin.his"
    list_display = ("resource", "progress", "speed", "seen_at", "pulled_at", "error")
    shows = (
        "resource",
        "progress",
        "speed",
        "pages",
        "aside",
        "started_at",
        "seen_at",
        "since",
        "pulled_at",
        "error",
    )

    @admin.display(description=gettext_lazy("进度"))
    def progress(self, cursor: Cursor) -> str:
        """How many of how many, of the pull under way or of the last one."""
        done = cursor.rows + cursor.aside
        if not cursor.expected:
            return _("%(done)s 条") % {"done": done}
        percent = min(100, done * 100 // cursor.expected)
        told = {"done": done, "all": cursor.expected, "percent": percent}
        return _("%(done)s / %(all)s 条（%(percent)s%%）") % told

    @admin.display(description=gettext_lazy("速度"))
    def speed(self, cursor: Cursor) -> str:
        return _("每秒 %(rate)s 条") % {"rate": f"{cursor.rate:.0f}"} if cursor.rate else ""


@admin.register(Quarantined, site=site)
class QuarantinedTable(Deciding):
    """What could not be taken over, and why. What it says is a patient's and is not shown."""

    access = "admin.his"
    list_display = ("public_id", "at", "resource", "fhir_id", "why", "mended_at")
    list_filter = (by_words("resource", gettext_lazy("类型"), KINDS),)
    search_fields = ("public_id", "fhir_id")
    shows = ("public_id", "at", "resource", "fhir_id", "why", "tried_at", "mended_at")
    steps = (
        Step(
            "mend",
            gettext_lazy("重新取回"),
            gettext_lazy(
                "请先在院内系统改正。会按编号重新取一次，读得懂就补进来，读不懂仍然隔离。"
            ),
            "admin.his.mend",
            services.retry,
            lambda aside: aside.mended_at is None and bool(aside.fhir_id),
            asks_why=False,
        ),
    )


@admin.register(Stock, site=site)
class Stocks(Looking):
    access = "admin.his.stock"
    list_display = ("drug", "packs", "updated_at", "pulled_at")
    search_fields = ("drug", "fhir_id")
    shows = ("drug", "packs", "fhir_id", "version", "updated_at", "pulled_at")
