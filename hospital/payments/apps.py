from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "hospital.payments"
    label = "payments"
    verbose_name = _("收费")

    def ready(self) -> None:
        from hospital.payments import checks  # noqa: F401, PLC0415 - registers itself
