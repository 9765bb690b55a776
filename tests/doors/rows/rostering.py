"""Handing over to colleagues, and the duty roster."""

from tests.doors.matrix import Try

_TAKE = Try(
    "new_doctor.user",
    "handover",
    wrong=("some_doctor",),
    foreign="foreign_handover",
)

ROSTERING = {
    "POST /doctor/handovers/<uuid:public_id>/take/": (_TAKE,),
    "POST /api/v1/handovers/<uuid:public_id>/take": (_TAKE,),
}
