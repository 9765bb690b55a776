from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "hospital.home"
    label = "home"
    verbose_name = "首页"
