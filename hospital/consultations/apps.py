from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "hospital.consultations"
    label = "consultations"
    verbose_name = _("问诊")

    def ready(self) -> None:
        from audit import feeds  # noqa: PLC0415 - need models
        from hospital.consultations import readers, rights, rules, selectors  # noqa: PLC0415 - need models
        from hospital.consultations.colleagues import Staff  # noqa: PLC0415
        from hospital.consultations.services import hearing, judging, paying, standing  # noqa: PLC0415
        from hospital.files import readers as files  # noqa: PLC0415
        from hospital.payments import hooks  # noqa: PLC0415
        from hospital.policy import replays  # noqa: PLC0415
        from patients import colleagues as staff  # noqa: PLC0415
        from patients import readers as records  # noqa: PLC0415

        hooks.register(
            paying.KIND,
            lock=paying.lock,
            settled=paying.settled,
            refunded=paying.refunded,
            closed=paying.closed,
            words=paying.words,
        )
        feeds.follow(
            "standings",
            kinds=set(standing.KINDS),
            handler="hospital.consultations.services.standing.on_event",
        )
        feeds.follow(
            hearing.FEED,
            kinds=set(hearing.KINDS),
            handler="hospital.consultations.services.on_event",
        )
        replays.register(judging.KIND, rules.replay)
        rights.answer()
        records.register("consultation", patients_of=selectors.readable_patients)
        staff.register(Staff())
        files.register(
            "consultation", may_read=readers.may_read_file, may_keep=readers.may_keep_file
        )
