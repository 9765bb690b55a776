from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    name = "patients"
    label = "patients"
    verbose_name = _("患者")

    def ready(self) -> None:
        # the models must be there first
        from patients import readers, recollection, rights, selectors  # noqa: PLC0415

        readers.register("break-glass", patients_of=selectors.under_glass, ground="break-glass")
        readers.register("shared", patients_of=selectors.shared_with, ground="shared")
        rights.answer()
        recollection.fill()
