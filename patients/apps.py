from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    name = "patients"
    label = "patients"
    verbose_name = _("患者")

    def ready(self) -> None:
        # the models must be there first
        from hospital.files import readers as files  # noqa: PLC0415
        from hospital.payments import hooks  # noqa: PLC0415
        from hospital.web import acting as pages  # noqa: PLC0415
        from patients import (  # noqa: PLC0415
            acting,
            answers,
            readers,
            recollection,
            rights,
            selectors,
            services,
        )

        readers.register("break-glass", patients_of=selectors.under_glass, ground="break-glass")
        readers.register("shared", patients_of=selectors.shared_with, ground="shared")
        files.register(services.EVIDENCE, may_read=selectors.may_read_page)
        hooks.register(
            services.BILL,
            lock=selectors.lock_bill,
            settled=services.bill_settled,
            refunded=answers.refunded,
            closed=services.bill_expired,
            words=answers.words,
        )
        rights.answer()
        recollection.fill()
        pages.register(acting.find)
