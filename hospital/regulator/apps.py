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
        from patients import retention  # noqa: PLC0415 - the models must be there first

        retention.register(
            "regulator.process", purge=retention.by_function("regulator_purge_process")
        )
        feeds.follow(FEED, kinds=set(KINDS), handler="hospital.regulator.services.on_event")
