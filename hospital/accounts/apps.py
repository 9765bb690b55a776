from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "hospital.accounts"
    label = "accounts"
    verbose_name = _("账号")

    def ready(self) -> None:
        from hospital.accounts import checks, services  # noqa: F401, PLC0415 - need the models
        from hospital.web import sizes  # noqa: PLC0415

        sizes.kept_by(services.keep_size)
