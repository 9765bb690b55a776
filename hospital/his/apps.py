from django.apps import AppConfig


class HisConfig(AppConfig):
    name = "hospital.his"
    label = "his"
    verbose_name = "院内系统镜像"
