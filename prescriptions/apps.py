"""How Django knows this room, and what it answers to the rooms below."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrescriptionsConfig(AppConfig):
    name = "prescriptions"
    verbose_name = _("处方")

    def ready(self) -> None:
        from hospital.consultations import endings  # noqa: PLC0415 - the models must be there first
        from hospital.payments import hooks  # noqa: PLC0415
        from hospital.policy import replays as policy  # noqa: PLC0415
        from patients import catalogue, readers  # noqa: PLC0415
        from prescriptions import (  # noqa: PLC0415
            answers,
            replays,
            rights,
            selectors,
            services,
            words,
        )

        hooks.register(
            "medicines",
            lock=answers.lock,
            settled=services.paid,
            refunded=answers.refunded,
            words=answers.words,
        )
        endings.on_ending(services.void_all)
        endings.on_handing_over(services.void_unfinished)
        rights.answer()
        policy.register("prescription.sign", replays.replay)
        catalogue.register(words.Words())
        readers.register("prescriptions", patients_of=selectors.readable_patients)
