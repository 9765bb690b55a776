from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from audit import checks  # noqa: F401 - registers itself


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("审计")
