"""Handing over to colleagues, and the duty roster."""

from datetime import timedelta

from hospital.kernel.calendar import BEIJING
from tests.doors.matrix import Try
from tests.doors.world import World

_TAKE = Try(
    "new_doctor.user",
    "handover",
    wrong=("some_doctor",),
    foreign="foreign_handover",
)

_PHARMACY = Try("some_pharmacy", "duty", wrong=("some_outpatient_office",), foreign="foreign_duty")
_END = Try("some_outpatient_office", "handover", wrong=())


def _morning(w: World) -> dict:
    starts = (w.at + timedelta(days=9)).astimezone(BEIJING)
    ends = starts + timedelta(hours=4)
    return {
        "kind": "pharmacist",
        "clinician": str(w.luo.public_id),
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{ends:%Y-%m-%dT%H:%M}",
    }


ROSTERING = {
    "POST /admin/duty/add/": (Try("some_pharmacy", body=_morning),),
    "POST /admin/duty/copy/": (Try("some_pharmacy"),),
    "POST /admin/duty/<uuid:public_id>/cancel/": (_PHARMACY,),
    "POST /admin/duty/<uuid:public_id>/shorten/": (Try("some_medical_affairs", "running_duty"),),
    "GET /admin/inbox/handover/<uuid:public_id>/": (
        Try("some_outpatient_office", "handover", wrong=("some_medical_affairs",)),
    ),
    "POST /admin/inbox/handover/<uuid:public_id>/end/": (_END,),
    "POST /doctor/handovers/<uuid:public_id>/take/": (_TAKE,),
    "POST /api/v1/handovers/<uuid:public_id>/take": (_TAKE,),
}
