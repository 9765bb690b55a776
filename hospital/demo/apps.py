from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "hospital.demo"
    label = "demo"
    verbose_name = "演示"
