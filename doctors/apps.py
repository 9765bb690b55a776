from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DoctorsConfig(AppConfig):
    name = "doctors"
    label = "doctors"
    verbose_name = _("医生")

    def ready(self) -> None:
        from doctors import readers  # noqa: PLC0415 - needs the models
        from hospital.files import readers as files  # noqa: PLC0415

        files.register("credential", may_read=readers.may_read_paper)
