"""Doctors and consultations, from both sides."""

from uuid import uuid4

from tests.doors.matrix import Try

PATIENT_SIDE = {"right": "wang", "wrong": ("zhao", "some_patient"), "family": True}
BOTH = {**PATIENT_SIDE, "wrong": ("zhao", "some_patient", "zhou.user", "some_doctor")}
OTHER_DOCTORS = ("zhou.user", "some_doctor", "new_doctor.user")
SERVICE = {"is_on": "on", "daily_quota": "30"}


def _doctor(visit: str, **more: object) -> Try:
    """The doctor who was asked; nobody else, though they hold the role."""
    return Try(f"{visit}.doctor.user", visit, wrong=OTHER_DOCTORS, foreign="foreign", **more)


def _wish(w, **more: object) -> dict[str, object]:
    return {
        "patient": w.hers.public_id,
        "doctor": w.new_doctor.public_id,
        "kind": "followup",
        "diagnoses": ["I10"],
    } | more


_ORDER = {**PATIENT_SIDE, "names": {"patient": "his"}, "wrong": ("zhao", "some_patient")}
_ASKED = {"doctor": "new_doctor", "patient": "hers"}
_MESSAGE = {"client_id": str(uuid4()), "text": "您好"}


def _shown(w) -> dict[str, object]:
    return {**_MESSAGE, "file": w.file.public_id}


VISITS = {
    "POST /doctor/settings/receiving/": (Try("zhou.user", body={"is_receiving": "on"}),),
    "POST /doctor/settings/services/<slug:kind>/": (Try("zhou.user", "=followup", body=SERVICE),),
    "POST /doctor/account/credential/": (Try("zhou.user", body={}, says=422),),
    "GET /doctors/<uuid:public_id>/": (Try("", "zhou"),),
    "GET /api/v1/doctors/<uuid:public_id>": (Try("", "zhou"),),
    "GET /consult/new/": (Try("wang", query=_ASKED),),
    "POST /consult/new/": (
        Try("wang", query=_ASKED, body={"diagnoses": ["I10"], "complaint": "头晕"}),
    ),
    "GET /consultations/<uuid:public_id>/": (
        Try(**BOTH, on="open", foreign="foreign"),
        _doctor("open"),
    ),
    "GET /consultations/<uuid:public_id>/state/": (
        Try(**BOTH, on="waiting", foreign="foreign"),
        _doctor("waiting"),
    ),
    "POST /consultations/<uuid:public_id>/say/": (
        Try(**BOTH, on="open", foreign="foreign", body=_MESSAGE),
        _doctor("open", body=_MESSAGE),
    ),
    "POST /consultations/<uuid:public_id>/cancel/": (
        Try(**PATIENT_SIDE, on="unpaid", foreign="foreign_unpaid"),
    ),
    "POST /consultations/<uuid:public_id>/rate/": (
        Try(**PATIENT_SIDE, on="closed", foreign="foreign", body={"stars": "5"}),
    ),
    "GET /doctor/work/<uuid:public_id>/": (_doctor("waiting"),),
    "POST /doctor/work/<uuid:public_id>/accept/": (_doctor("waiting"),),
    "POST /doctor/work/<uuid:public_id>/decline/": (
        _doctor("waiting", body={"reason": "no-time"}),
    ),
    "POST /doctor/work/<uuid:public_id>/close/": (_doctor("open"),),
    "POST /doctor/work/<uuid:public_id>/refer/": (
        _doctor("open", body={"reason": "needs-examination"}),
    ),
    "POST /api/v1/consultations": (
        Try(**_ORDER, body=lambda w: _wish(w, complaint="血压药快吃完了")),
    ),
    "POST /api/v1/consultations/eligibility": (Try(**_ORDER, body=_wish),),
    "GET /api/v1/consultations/<uuid:public_id>": (
        Try(**BOTH, on="open", foreign="foreign"),
        _doctor("open"),
    ),
    "POST /api/v1/consultations/<uuid:public_id>/accept": (_doctor("waiting"),),
    "POST /api/v1/consultations/<uuid:public_id>/decline": (
        _doctor("waiting", body={"reason": "no-time"}),
    ),
    "POST /api/v1/consultations/<uuid:public_id>/close": (_doctor("open"),),
    "POST /api/v1/consultations/<uuid:public_id>/refer": (
        _doctor("open", body={"reason": "needs-examination"}),
    ),
    "POST /api/v1/consultations/<uuid:public_id>/cancel": (
        Try(**PATIENT_SIDE, on="unpaid", foreign="foreign_unpaid"),
    ),
    "POST /api/v1/consultations/<uuid:public_id>/rate": (
        Try(**PATIENT_SIDE, on="closed", foreign="foreign", body={"stars": 5}),
    ),
    "GET /api/v1/consultations/<uuid:public_id>/messages": (
        Try(**BOTH, on="open", foreign="foreign"),
        _doctor("open"),
    ),
    "POST /api/v1/consultations/<uuid:public_id>/messages": (
        Try(**BOTH, on="open", foreign="foreign", body=_MESSAGE),
        _doctor("open", body=_MESSAGE, names={"file": "foreign_file"}),
        Try("wang", "open", body=_shown, names={"file": "foreign_file"}),
    ),
}
