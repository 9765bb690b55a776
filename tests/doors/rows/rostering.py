"""Handing over to colleagues, and the duty roster."""

from tests.doors.matrix import Try

_TAKE = Try(
    "new_doctor.user",
    "handover",
    wrong=("some_doctor",),
    foreign="foreign_handover",
)

_PHARMACY = Try("some_pharmacy", "duty", wrong=("some_outpatient_office",), foreign="foreign_duty")
_END = Try("some_outpatient_office", "handover", wrong=())

ROSTERING = {
    "POST /admin/duty/add/": (Try("some_pharmacy", body={}, says=422),),
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
