"""Looks through break-glass and shares for tests, made by the services that people use."""

from datetime import timedelta

from patients import services
from patients.models import Glass, Share

WHY = "患者在抢救室，神志不清，需要了解用药和过敏史"


def opened(patient, doctor, *, at, reason="unresponsive", note=WHY) -> Glass:
    return services.break_glass(patient.id_number, reason=reason, note=note, by=doctor.user, at=at)


def over(patient, doctor, *, at) -> Glass:
    """A look whose time was up before `at`, ended by the sweep."""
    glass = opened(patient, doctor, at=at - timedelta(minutes=31))
    services.sweep_glasses(at=at)
    glass.refresh_from_db()
    return glass


def shared(patient, doctor, *, by, at, days=30) -> Share:
    return services.share(patient, doctor=doctor.user.public_id, days=days, by=by, at=at)


def asked(consultation, colleague, *, at) -> Share:
    """A 会诊 that the doctor of a consultation asked for."""
    from hospital.consultations import services as consultations  # noqa: PLC0415 - needs the apps

    return consultations.invite(
        consultation,
        doctor=colleague.user.public_id,
        why="想请内分泌科一起看血糖",
        by=consultation.doctor.user,
        at=at,
    )
