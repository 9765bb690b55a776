from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "hospital.policy"
    label = "policy"
    verbose_name = "规则设置"
