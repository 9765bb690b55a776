"""急诊查阅: looked at and judged by medical affairs, never by who looked."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import admin
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from admin_portal import shown
from admin_portal.deciding import Deciding, Step
from admin_portal.listing import YES_OR_NO, by_state, by_words
from admin_portal.site import site
from audit import selectors as audit
from patients import services
from patients.lifecycle import GLASS
from patients.models import Glass

REVIEW: Final = "admin.break-glass.review"
MOST: Final = 50  # reads told one by one


def _from(step: str) -> Callable[[Any], bool]:
    return lambda row: step in GLASS.steps_from(row.state)


@admin.register(Glass, site=site)
class Glasses(Deciding):
    access = "admin.break-glass"
    related = ("patient", "by", "reviewer")
    list_display = ("doctor", shown.patient, "reason", shown.state, "when", "due", "of_minor")
    list_filter = (by_state(GLASS), by_words("of_minor", _("未成年人"), YES_OR_NO))
    search_fields = ("public_id",)
    shows = (
        "public_id",
        "doctor",
        shown.patient,
        "of_minor",
        shown.state,
        "reason",
        "told",
        "when",
        "until",
        "ended_at",
        "looked",
        "due",
        "reviewed_at",
        "judge",
        "judged",
    )
    steps = (
        Step(
            "justify",
            _("理由成立"),
            _("请核对急诊记录。患者会看到复核结果。"),
            REVIEW,
            services.justify_glass,
            _from("justify"),
        ),
        Step(
            "object",
            _("理由不成立"),
            _("患者和医生都会收到通知；随后按医院规定处理。"),
            REVIEW,
            services.object_to_glass,
            _from("object"),
            grave=True,
        ),
    )

    def about(self, glass: Glass) -> str:
        return f"{glass.by.name} {localtime(glass.opened_at):%F %H:%M} {self.told(glass)}"

    @admin.display(description=_("医生"))
    def doctor(self, glass: Glass) -> str:
        return str(glass.by.name)

    @admin.display(description=_("理由"))
    def reason(self, glass: Glass) -> str:
        return str(glass.get_reason_display())

    @admin.display(description=_("具体情况"))
    def told(self, glass: Glass) -> str:
        """What the reviewer has to judge."""
        return str(glass.note)

    @admin.display(description=_("打开时间"))
    def when(self, glass: Glass) -> str:
        return f"{localtime(glass.opened_at):%F %H:%M}"

    @admin.display(description=_("复核时限"))
    def due(self, glass: Glass) -> str:
        return f"{localtime(glass.review_by):%F %H:%M}"

    @admin.display(description=_("未成年人"), boolean=True)
    def of_minor(self, glass: Glass) -> bool:
        return bool(glass.of_minor)

    @admin.display(description=_("查看时间"))
    def looked(self, glass: Glass) -> str:
        """Every time the record was opened during the look, from the trail."""
        events = audit.trail().filter(
            about=glass.patient.public_id, kind="record.read", facts__glass=str(glass.public_id)
        )
        times = [f"{localtime(each.at):%H:%M:%S}" for each in events[:MOST]]
        return "、".join(times) or shown.NOTHING

    @admin.display(description=_("复核人"))
    def judge(self, glass: Glass) -> str:
        return str(glass.reviewer.name) if glass.reviewer else shown.NOTHING

    @admin.display(description=_("复核意见"))
    def judged(self, glass: Glass) -> str:
        return glass.review_note or shown.NOTHING
