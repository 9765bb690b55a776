from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hospital.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        from hospital.accounts import checks  # noqa: F401, PLC0415 - registers the system checks
