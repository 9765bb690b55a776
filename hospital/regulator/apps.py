from django.apps import AppConfig


class RegulatorConfig(AppConfig):
    name = "hospital.regulator"
    label = "regulator"
    verbose_name = "监管上报"
