"""Copies, corrections, seals, leaving; and who answers for them in the back office."""

from tests.doors.matrix import Try
from tests.doors.world import World

OTHERS = ("zhao", "some_patient")
WHY = {"why": "核对无误"}
AFFAIRS = "some_medical_affairs"
TABLES = {
    "consentdraft": "draft_text",
    "consenttext": "courier_text",
    "legalhold": "hold",
    "correction": "correction",
}
STEPS = {
    "consentdraft/<path:object_id>/publish": "draft_text",
    "consentdraft/<path:object_id>/discard": "draft_text",
    "legalhold/<path:object_id>/lift": "hold",
    "correction/<path:object_id>/make": "correction",
    "correction/<path:object_id>/refuse": "correction",
}


def _wrong_entry(world: World) -> dict[str, str]:
    return {"patient": str(world.of("hers").public_id), "what": "既往史写错了"}


def _seal(world: World) -> dict[str, str]:
    return {"patient": str(world.of("his").public_id), "reason": "患者申请封存"}


RIGHTS = {
    "POST /me/data/corrections/": (Try("wang", body=_wrong_entry, names={"patient": "his"}),),
    "POST /me/patients/<uuid:public_id>/copy/": (
        Try("wang", "hers", wrong=(*OTHERS, "lina"), foreign="his"),  # a relative has no copy
    ),
    "GET /me/data/copies/<uuid:public_id>/": (
        Try("wang", "copy", wrong=(*OTHERS, "lina"), foreign="foreign_copy"),
    ),
    "GET /me/data/seals/<uuid:public_id>/": (
        Try("wang", "hold", wrong=OTHERS, foreign="foreign_hold", family=True),
    ),
    "GET /me/data/seals/<uuid:public_id>/list.json": (
        Try("wang", "hold", wrong=OTHERS, foreign="foreign_hold", family=True),
    ),
    "POST /prescriptions/<uuid:public_id>/collect/": (
        Try("wang", "sent", wrong=OTHERS, family=True, says=409),  # the courier has it already
    ),
    "POST /me/data/close/": (Try("wang", body={"sure": "on"}, says=422),),  # with visits open
    "POST /admin/patients/consentdraft/new/": (Try(AFFAIRS, says=422),),
    "POST /admin/patients/legalhold/new/": (Try(AFFAIRS, body=_seal),),
    **{
        f"GET /admin/patients/{table}/<path:object_id>/change/": (Try(AFFAIRS, row),)
        for table, row in TABLES.items()
    },
    **{
        f"{method} /admin/patients/{step}/": (Try(AFFAIRS, row, body=WHY),)
        for step, row in STEPS.items()
        for method in ("GET", "POST")
    },
}
