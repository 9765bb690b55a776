"""Bills of the hospital, paid online."""

from tests.doors.matrix import Try

OTHERS = ("zhao", "some_patient")
BILL = {"right": "wang", "on": "bill", "wrong": OTHERS, "foreign": "foreign_bill", "family": True}
HERS = {"right": "wang", "on": "hers", "wrong": OTHERS, "foreign": "his", "family": True}

BILLS = {
    "GET /me/bills/<uuid:public_id>/": (Try(**BILL),),
    "POST /me/bills/<uuid:public_id>/pay/": (Try(**BILL),),
    "GET /api/v1/patients/<uuid:public_id>/bills": (Try(**HERS),),
    "GET /api/v1/bills/<uuid:public_id>": (Try(**BILL),),
    "POST /api/v1/bills/<uuid:public_id>/pay": (Try(**BILL),),
}
