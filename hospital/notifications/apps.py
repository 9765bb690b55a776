from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from audit import feeds


class NotificationsConfig(AppConfig):
    name = "hospital.notifications"
    label = "notifications"
    verbose_name = _("消息")

    def ready(self) -> None:
        feeds.follow(
            "notifications",
            kinds={"account.new-device", "alarm.raise"},
            handler="hospital.notifications.services.on_event",
        )
