"""The roles people can hold. What each may do stands in `access.py`."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    PATIENT = "patient", _("患者")
    DOCTOR = "doctor", _("医生")
    PHARMACIST = "pharmacist", _("药师")
    MEDICAL_AFFAIRS = "medical_affairs", _("医务处")
    OUTPATIENT_OFFICE = "outpatient_office", _("门诊办公室")
    FINANCE = "finance", _("财务处")
    PHARMACY = "pharmacy", _("药剂科")
    IT = "it", _("信息中心")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


ANYONE: Final = "anyone"  # signed in or not

MANAGERS: Final = frozenset(
    {
        Role.MEDICAL_AFFAIRS,
        Role.OUTPATIENT_OFFICE,
        Role.FINANCE,
        Role.PHARMACY,
        Role.IT,
        Role.SYSTEM_ADMIN,
        Role.SECURITY_ADMIN,
        Role.AUDIT_ADMIN,
    }
)
STAFF: Final = MANAGERS | {Role.DOCTOR, Role.PHARMACIST}
SIGNED_IN: Final = STAFF | {Role.PATIENT}

# 三权分立: nobody holds two of these; the database refuses it too.
THREE_ADMINS: Final = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
