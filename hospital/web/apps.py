from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "hospital.web"
    label = "web"
    verbose_name = "页面"
