"""Privileges: granted, refused, suspended, restored and ended by medical affairs."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from admin_portal import shown
from admin_portal.deciding import Deciding, Step
from admin_portal.listing import by_state
from admin_portal.site import site
from doctors import services
from doctors.lifecycle import PRIVILEGE
from doctors.models import Privilege

DECIDE = "admin.privileges.decide"


def _from(step: str) -> Callable[[Any], bool]:
    return lambda row: step in PRIVILEGE.steps_from(row.state)


@admin.register(Privilege, site=site)
class Privileges(Deciding):
    access = "admin.privileges"
    related = ("clinician__department", "asked_by", "decided_by")
    list_display = ("clinician", "department", "what", shown.state, "ends_on", "asked_at")
    list_filter = (by_state(PRIVILEGE),)
    search_fields = ("public_id", "clinician__name")
    search_help_text = _("按完整的姓名或编号查找。")
    shows = (
        "public_id",
        "clinician",
        "department",
        "title",
        "what",
        shown.state,
        "starts_on",
        "ends_on",
        shown.opened("ground"),
        "asked_by",
        "asked_at",
        "decided_by",
        "decided_at",
        shown.opened("why"),
    )
    steps = (
        Step(
            "grant",
            _("授予"),
            _("从起始日起生效；原来的同一项权限同时结束。"),
            DECIDE,
            services.grant_privilege,
            _from("grant"),
            asks_why=False,
        ),
        Step(
            "refuse",
            _("不授予"),
            _("本人会看到理由，可以再次申请。"),
            DECIDE,
            services.refuse_privilege,
            _from("refuse"),
            grave=True,
        ),
        Step(
            "suspend",
            _("暂停权限"),
            _("马上不能再用这项权限，正在写的处方也不能签名。"),
            DECIDE,
            services.suspend_privilege,
            _from("suspend"),
            grave=True,
        ),
        Step(
            "restore",
            _("恢复权限"),
            _("在剩下的期限里继续有效。"),
            DECIDE,
            services.restore_privilege,
            _from("restore"),
        ),
        Step(
            "end",
            _("结束权限"),
            _("不能恢复，需要时由本人重新申请。"),
            DECIDE,
            services.end_privilege,
            _from("end"),
            grave=True,
        ),
    )

    def about(self, privilege: Privilege) -> str:
        return f"{privilege.clinician.name} {privilege.said}"

    @admin.display(description=_("权限"))
    def what(self, privilege: Privilege) -> str:
        return privilege.said

    @admin.display(description=_("科室"))
    def department(self, privilege: Privilege) -> str:
        return privilege.clinician.department.name

    @admin.display(description=_("职称"))
    def title(self, privilege: Privilege) -> str:
        return str(privilege.clinician.get_title_display())
