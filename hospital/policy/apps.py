from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "hospital.policy"
    label = "policy"
    verbose_name = _("规则设置")

    def ready(self) -> None:
        from hospital.accounts import stepping_up  # noqa: PLC0415 - needs the models
        from hospital.policy import selectors  # noqa: PLC0415

        stepping_up.minutes_found_by(selectors.setting_in_force("step_up_minutes"))
