from django.apps import AppConfig

from audit import feeds


class NotificationsConfig(AppConfig):
    name = "hospital.notifications"
    label = "notifications"
    verbose_name = "消息"

    def ready(self) -> None:
        feeds.follow(
            "notifications",
            kinds={"account.new-device"},
            handler="hospital.notifications.services.on_event",
        )
