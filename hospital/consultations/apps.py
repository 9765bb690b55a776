from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "hospital.consultations"
    label = "consultations"
    verbose_name = "问诊"
