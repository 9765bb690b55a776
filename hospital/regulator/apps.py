from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from audit import feeds
from hospital.regulator import checks  # noqa: F401 - registers itself
from hospital.regulator.news import FEED, KINDS


class RegulatorConfig(AppConfig):
    name = "hospital.regulator"
    label = "regulator"
    verbose_name = _("监管上报")

    def ready(self) -> None:
        feeds.follow(FEED, kinds=set(KINDS), handler="hospital.regulator.services.on_event")
