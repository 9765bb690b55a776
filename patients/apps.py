from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    name = "patients"
    label = "patients"
    verbose_name = _("患者")

    def ready(self) -> None:
        from patients import rights  # noqa: PLC0415 - the models must be there first

        rights.answer()

    def ready(self) -> None:
        from patients import readers, selectors  # noqa: PLC0415 - the models must be there first

        readers.register("break-glass", patients_of=selectors.under_glass, ground="break-glass")
        readers.register("shared", patients_of=selectors.shared_with, ground="shared")
