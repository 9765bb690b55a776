from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    name = "patients"
    label = "patients"
    verbose_name = _("患者")

    def ready(self) -> None:
        from patients import rights  # noqa: PLC0415 - the models must be there first

        rights.answer()
