"""The patient's record, consents, addresses, reports; money."""

from tests.doors.matrix import Try

OTHERS = ("zhao", "some_patient")
HERS = {"right": "wang", "on": "hers", "wrong": OTHERS, "foreign": "his", "family": True}
OWN = {"right": "wang", "wrong": (*OTHERS, "lina")}  # what the account has, not the patient
REPORT = {**HERS, "on": "report", "foreign": "foreign_report"}
READERS = (
    Try("open.doctor.user", "hers", wrong=("zhou.user", "some_doctor"), foreign="his"),
    Try("luo.user", "hers", foreign="quiet"),
    Try("friend.user", "hers", foreign="his"),
    Try("zhou.user", "quiet", foreign="hers"),
)
WITH_A_REASON = (
    Try(
        "open.doctor.user",
        "hers",
        query={"why": "=care"},
        wrong=("zhou.user", "some_doctor"),
        foreign="his",
    ),
    Try("luo.user", "hers", query={"why": "=review"}, foreign="quiet"),
)
IN_RECORD = {"right": "open.doctor.user", "wrong": ("zhou.user", "some_doctor")}
HEALTH = {"allergies": []}
ADDRESS = {
    "name": "王秀兰",
    "phone": "13800006620",
    "region": "北京市海淀区",
    "detail": "花园北路 1 号",
}
NOBODY = {"name": "王小明", "id_number": "not a number", "relation": "child"}

PATIENTS = {
    "POST /me/patients/new/": (Try("wang", body=NOBODY, says=422),),
    "GET /me/patients/<uuid:public_id>/": (Try(**HERS),),
    "GET /me/patients/<uuid:public_id>/consent/": (Try(**HERS),),
    "POST /me/patients/<uuid:public_id>/consent/": (Try(**HERS),),
    "POST /me/patients/<uuid:public_id>/consent/give/": (Try(**HERS, body={"kind": "courier"}),),
    "GET /me/patients/<uuid:public_id>/health/": (Try(**HERS),),
    "POST /me/patients/<uuid:public_id>/refresh/": (Try(**HERS),),
    "POST /me/patients/<uuid:public_id>/remove/": (
        Try("lina", "hers", wrong=OTHERS, foreign="his", family=True),
    ),
    "POST /me/consents/<uuid:public_id>/withdraw/": (
        Try("wang", "consent", wrong=OTHERS, foreign="foreign_consent", family=True),
    ),
    "POST /me/addresses/": (Try("wang", body=ADDRESS),),
    "POST /me/addresses/<uuid:public_id>/remove/": (
        Try(**OWN, on="address", foreign="foreign_address"),
    ),
    "GET /reports/<uuid:public_id>/": (Try(**REPORT),),
    "GET /reports/<uuid:public_id>/compare/": (Try(**REPORT),),
    "GET /reports/<uuid:public_id>/report.pdf": (Try(**REPORT),),
    "GET /reports/items/<uuid:public_id>/": (
        Try(**REPORT | {"on": "value", "foreign": "foreign_value"}),
    ),
    "GET /record/<uuid:public_id>/reports/": READERS,
    "GET /record/<uuid:public_id>/reports/<uuid:report_id>/": (
        Try(**IN_RECORD, on=("hers", "report"), foreign="foreign_report"),
    ),
    "GET /record/<uuid:public_id>/reports/<uuid:report_id>/compare/": (
        Try(**IN_RECORD, on=("hers", "report"), foreign="foreign_report"),
    ),
    "GET /record/<uuid:public_id>/items/<uuid:item_id>/": (
        Try(**IN_RECORD, on=("hers", "value"), foreign="foreign_value"),
    ),
    "GET /record/<uuid:public_id>/": READERS,
    "GET /record/<uuid:public_id>/contact/": READERS,
    "POST /api/v1/patients": (Try("wang", body=NOBODY, says=400),),
    "POST /api/v1/patients/codes": (Try("wang", body={"phone": "1"}, says=400),),
    "GET /api/v1/patients/<uuid:public_id>": (Try(**HERS),),
    "PUT /api/v1/patients/<uuid:public_id>/health": (Try(**HERS, body=HEALTH),),
    "POST /api/v1/patients/<uuid:public_id>/refresh": (Try(**HERS),),
    "GET /api/v1/patients/<uuid:public_id>/history": (Try(**HERS),),
    "GET /api/v1/patients/<uuid:public_id>/reports": (Try(**HERS),),
    "GET /api/v1/patients/<uuid:public_id>/reports/<uuid:report_id>": (
        Try("wang", ("hers", "report"), wrong=OTHERS, foreign="foreign_report", family=True),
    ),
    "GET /api/v1/patients/<uuid:public_id>/record": WITH_A_REASON,
    "GET /api/v1/patients/<uuid:public_id>/contact": WITH_A_REASON,
    "POST /api/v1/patients/<uuid:public_id>/consents": (
        Try(**HERS, body=lambda w: {"kind": "courier", "version": w.courier_text.version}),
    ),
    "POST /api/v1/addresses": (Try("wang", body=ADDRESS),),
    # money
    "GET /pay/<uuid:public_id>/": (Try(**OWN, on="charge", foreign="foreign_charge"),),
    "POST /pay/<uuid:public_id>/": (Try(**OWN, on="charge", foreign="foreign_charge"),),
    "GET /pay/<uuid:public_id>/state/": (Try(**OWN, on="charge", foreign="foreign_charge"),),
    "POST /pay/<uuid:public_id>/check/": (Try(**OWN, on="charge", foreign="foreign_charge"),),
    "GET /me/orders/<uuid:public_id>/": (Try(**OWN, on="charge", foreign="foreign_charge"),),
    "GET /api/v1/charges/<uuid:public_id>": (Try(**OWN, on="charge", foreign="foreign_charge"),),
    "POST /api/v1/charges/<uuid:public_id>/pay": (
        Try(**OWN, on="charge", foreign="foreign_charge"),
    ),
    # unsigned here; the signed ones stand in the tests of payment doors
    "POST /callbacks/wechat": (Try("", says=401),),
}
