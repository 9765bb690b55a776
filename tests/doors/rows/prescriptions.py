"""Prescriptions: the drawer of the doctor, the table of the pharmacist, the way to medicines."""

from tests.doors.matrix import Try

OTHER_DOCTORS = ("zhou.user", "some_doctor")
UNLICENSED = ("some_pharmacist",)  # holds the role, and no licence and no duty
FOREIGN = "foreign_signed"


def _writer(name: str, **more: object) -> Try:
    """Whoever wrote it; another doctor finds nothing."""
    more = {"wrong": OTHER_DOCTORS, "foreign": FOREIGN} | more
    return Try(f"{name}.doctor.user", name, **more)


def _reviewer(name: str, **more: object) -> Try:
    """A pharmacist on duty; a draft is nobody's but its author's."""
    return Try("luo.user", name, **({"refused": UNLICENSED, "foreign": "draft"} | more))


def _hers(name: str, **more: object) -> Try:
    """The patient, a relative while the link lasts; a draft is not theirs yet."""
    more = {"wrong": ("zhao", "some_patient"), "foreign": FOREIGN, "family": True} | more
    return Try("wang", name, **more)


def _line(w) -> dict[str, object]:
    drug = w.signed.lines.get().drug
    return {"drug": drug.public_id, "dose": "5", "frequency": "qd", "days": 7}


def _begin(w) -> dict[str, object]:
    return {"consultation": w.open.public_id, "lines": [_line(w)]}


READERS = ("zhao", "some_patient", "zhou.user", "some_doctor")

PRESCRIPTIONS = {
    "GET /prescribe/<uuid:public_id>/": (
        Try("open.doctor.user", "open", wrong=OTHER_DOCTORS, foreign="foreign"),
    ),
    "POST /prescribe/<uuid:public_id>/": (
        Try(
            "open.doctor.user",
            "open",
            body={"action": "check"},
            wrong=OTHER_DOCTORS,
            foreign="foreign",
        ),
    ),
    "GET /prescribe/<uuid:public_id>/formulary/": (
        Try("open.doctor.user", "open", query={"q": "=a"}, wrong=OTHER_DOCTORS, foreign="foreign"),
    ),
    "POST /doctor/prescriptions/<uuid:public_id>/revise/": (_writer("returned"),),
    "POST /doctor/prescriptions/<uuid:public_id>/void/": (_writer("signed"),),
    "GET /review/<uuid:public_id>/": (Try("luo.user", "signed", foreign="draft"),),
    "POST /review/<uuid:public_id>/": (_reviewer("signed", body={"step": "approve"}),),
    "GET /dispense/<uuid:public_id>/": (Try("luo.user", "paid", foreign="draft"),),
    "POST /dispense/<uuid:public_id>/": (_reviewer("paid", body={"step": "dispense"}),),
    "GET /prescriptions/<uuid:public_id>/": (
        _hers("signed", wrong=READERS),
        _writer("signed"),
        Try("luo.user", "signed", foreign="draft"),
    ),
    "GET /prescriptions/<uuid:public_id>/order/": (_hers("approved"),),
    "POST /prescriptions/<uuid:public_id>/order/": (_hers("approved", body={"mode": "window"}),),
    "POST /prescriptions/<uuid:public_id>/receive/": (
        _hers("sent"),
        _reviewer("dispensed"),
    ),
    "GET /prescriptions/<uuid:public_id>/print/": (
        _hers("signed", wrong=READERS),
        _writer("signed"),
    ),
    # unsigned here; the signed ones stand in the tests of prescription doors
    "POST /callbacks/courier": (Try("", says=400),),
    "POST /api/v1/prescriptions": (
        Try(
            "open.doctor.user",
            body=_begin,
            names={"consultation": "foreign"},
            wrong=OTHER_DOCTORS,
        ),
    ),
    "GET /api/v1/prescriptions/<uuid:public_id>": (
        _hers("signed", wrong=READERS),
        _hers("signed", foreign="draft"),
        _writer("signed"),
        Try("luo.user", "signed", foreign="draft"),
    ),
    "PUT /api/v1/prescriptions/<uuid:public_id>": (
        _writer("draft", body=lambda w: {"lines": [_line(w)]}),
    ),
    "POST /api/v1/prescriptions/<uuid:public_id>/sign": (_writer("draft"),),
    "POST /api/v1/prescriptions/<uuid:public_id>/void": (_writer("signed"),),
    "POST /api/v1/prescriptions/<uuid:public_id>/revise": (_writer("returned"),),
    "POST /api/v1/prescriptions/<uuid:public_id>/approve": (_reviewer("signed"),),
    "POST /api/v1/prescriptions/<uuid:public_id>/return": (
        _reviewer("signed", body={"note": "剂量偏大"}),
    ),
    "POST /api/v1/prescriptions/<uuid:public_id>/reject": (
        _reviewer("signed", body={"note": "与诊断不符"}),
    ),
    "POST /api/v1/prescriptions/<uuid:public_id>/order": (
        _hers(
            "approved",
            body=lambda w: {"mode": "courier", "address": w.address.public_id},
            names={"address": "foreign_address"},
            family=False,
        ),
        _hers("approved", body={"mode": "window"}),
    ),
    "POST /api/v1/prescriptions/<uuid:public_id>/dispense": (_reviewer("paid"),),
    "POST /api/v1/prescriptions/<uuid:public_id>/ship": (
        Try("luo.user", "packed", refused=UNLICENSED, foreign="draft"),
    ),
    "POST /api/v1/prescriptions/<uuid:public_id>/receive": (
        _hers("sent"),
        _reviewer("dispensed"),
    ),
}
