"""Break-glass, shares, 会诊, and the patient's own list of who has read the record."""

from tests.doors.matrix import Try

OTHERS = ("zhao", "some_patient")
OTHER_DOCTORS = ("open.doctor.user", "some_doctor")
HERS = {"right": "wang", "wrong": OTHERS, "foreign": "his", "family": True}
GLASS = {"right": "zhou.user", "on": "glass", "wrong": OTHER_DOCTORS, "foreign": "foreign_glass"}
# A relative who is no guardian sees who was let in, and lets nobody in while the patient can.
MINE = {"right": "wang", "wrong": OTHERS, "refused": ("lina",), "foreign": "foreign_share"}


def _chosen(w) -> dict[str, object]:
    return {"name": "陈六", "doctor": w.new_doctor.user.public_id, "days": "30"}


def _let_in(w) -> dict[str, object]:
    return {"doctor": w.new_doctor.user.public_id, "days": 30}


def _invited(w) -> dict[str, object]:
    return {"name": "陈六", "doctor": w.new_doctor.user.public_id, "why": "请一起看看"}


def _emergency(w) -> dict[str, object]:
    told = {"reason": "resuscitation", "note": "急诊科抢救，意识不清，家属不在"}
    return {"id_number": w.his.id_number, **told}


CONSULT = {"wrong": ("zhou.user", "some_doctor"), "foreign": "foreign"}

LETTING_IN = {
    "POST /doctor/break-glass/": (Try("closed.doctor.user", body=_emergency),),
    "GET /doctor/break-glass/<uuid:public_id>/": (Try(**GLASS),),
    "GET /doctor/break-glass/<uuid:public_id>/watch/": (Try(**GLASS),),
    "POST /doctor/break-glass/<uuid:public_id>/end/": (Try(**GLASS),),
    "GET /doctor/work/<uuid:public_id>/consult/": (Try("open.doctor.user", "open", **CONSULT),),
    "POST /doctor/work/<uuid:public_id>/consult/": (
        Try("open.doctor.user", "open", body=_invited, **CONSULT),
    ),
    "GET /me/patients/<uuid:public_id>/reads/": (Try(**HERS, on="hers"),),
    "GET /me/patients/<uuid:public_id>/reads/<int:number>/": (
        Try(**HERS | {"foreign": "foreign_read"}, on=("hers", "read")),
    ),
    "GET /me/patients/<uuid:public_id>/reads/<int:number>/receipt.json": (
        Try(**HERS | {"foreign": "foreign_read"}, on=("hers", "read")),
    ),
    "GET /me/patients/<uuid:public_id>/sharing/": (Try(**HERS, on="hers"),),
    "GET /me/patients/<uuid:public_id>/sharing/new/": (Try(**HERS, on="hers"),),
    "POST /me/patients/<uuid:public_id>/sharing/new/": (
        Try("wang", "hers", body=_chosen, wrong=OTHERS, foreign="his"),
    ),
    "GET /api/v1/patients/<uuid:public_id>/reads": (Try(**HERS, on="hers"),),
    "GET /api/v1/patients/<uuid:public_id>/shares": (Try(**HERS, on="hers"),),
    "POST /api/v1/patients/<uuid:public_id>/shares": (
        Try("wang", "hers", body=_let_in, wrong=OTHERS, refused=("lina",), foreign="his"),
    ),
    "POST /api/v1/shares/<uuid:public_id>/end": (Try(**MINE, on="share"),),
    "POST /receipts/": (Try("", body={"text": "no receipt"}),),
    "POST /me/shares/<uuid:public_id>/agree/": (Try(**MINE, on="asked_share"),),
    "POST /me/shares/<uuid:public_id>/decline/": (Try(**MINE, on="asked_share"),),
    "POST /me/shares/<uuid:public_id>/end/": (Try(**MINE, on="share"),),
}
