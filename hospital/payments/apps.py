from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "hospital.payments"
    label = "payments"
    verbose_name = "收费"

    def ready(self) -> None:
        from hospital.payments import checks  # noqa: F401, PLC0415 - registers itself
