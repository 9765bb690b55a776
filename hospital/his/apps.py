from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HisConfig(AppConfig):
    name = "hospital.his"
    label = "his"
    verbose_name = _("院内系统镜像")
