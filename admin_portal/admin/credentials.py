"""Licences: looked at, approved, refused, suspended, restored by medical affairs."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from admin_portal import shown
from admin_portal.base import Rows
from admin_portal.deciding import Deciding, Step
from admin_portal.listing import by_state
from admin_portal.site import site
from doctors import services
from doctors.lifecycle import LIFECYCLE
from doctors.models import Credential, Paper

DECIDE = "admin.credentials.decide"


def _from(step: str) -> Callable[[Any], bool]:
    return lambda row: step in LIFECYCLE.steps_from(row.state)


class Papers(Rows):
    """What lies beside it; each opens through the view that asks who may."""

    model = Paper
    shows = ("kind", "document", "at")
    related = ("file",)

    @admin.display(description=_("文件"))
    def document(self, paper: Paper) -> str:
        where = reverse("files:read", args=[paper.file.public_id])
        return format_html('<a href="{}">{}</a>', where, paper.get_kind_display())


@admin.register(Credential, site=site)
class Credentials(Deciding):
    access = "admin.credentials"
    related = ("clinician__department", "submitted_by", "decided_by")
    list_display = ("clinician", "department", "title", shown.state, "valid_until", "submitted_at")
    list_filter = (by_state(LIFECYCLE),)
    search_fields = ("public_id", "clinician__name")
    search_help_text = _("按完整的姓名或编号查找。")
    shows = (
        "public_id",
        "clinician",
        "department",
        "title",
        "id_number",
        shown.state,
        "institution",
        "scope",
        "independent_since",
        "valid_until",
        "subject_code",
        "consented_on",
        "filing_no",
        "filing_from",
        "filing_until",
        "insurer",
        "insured_from",
        "insured_until",
        "ends_on",
        "submitted_at",
        "submitted_by",
        "decided_at",
        "decided_by",
        shown.opened("why"),
    )
    inlines = (Papers,)
    steps = (
        Step(
            "approve",
            _("通过"),
            _("通过以后就可以在线执业。请先核对执业证书与登记信息。"),
            DECIDE,
            services.approve,
            _from("approve"),
            asks_why=False,
        ),
        Step(
            "refuse",
            _("不通过"),
            _("本人会看到理由，可以改正后再次提交。"),
            DECIDE,
            services.refuse,
            _from("refuse"),
            grave=True,
        ),
        Step(
            "suspend",
            _("暂停执业"),
            _("马上不能接诊、开方和审方；没有接诊的订单全额退款，正在进行的问诊请同科医生接手。"),
            DECIDE,
            services.suspend,
            _from("suspend"),
            grave=True,
        ),
        Step(
            "restore",
            _("恢复执业"),
            _("恢复以后可以重新接诊、开方和审方。"),
            DECIDE,
            services.restore,
            _from("restore"),
        ),
    )

    def about(self, credential: Credential) -> str:
        who = credential.clinician
        return f"{who.name} {who.department.name} {self.title(credential)}"

    @admin.display(description=_("科室"))
    def department(self, credential: Credential) -> str:
        return credential.clinician.department.name

    @admin.display(description=_("职称"))
    def title(self, credential: Credential) -> str:
        return str(credential.clinician.get_title_display())

    @admin.display(description=_("身份证号"))
    def id_number(self, credential: Credential) -> str:
        """Masked: enough to hold against the paper."""
        return credential.clinician.masked_id_number or shown.NOTHING
