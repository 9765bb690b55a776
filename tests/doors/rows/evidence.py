"""Papers of other hospitals, from the patient's side, the doctors' and the office's."""

from hospital.kernel.calendar import local_date
from tests import papers
from tests.doors.matrix import Try

OTHERS = ("zhao", "some_patient")
HERS = {"right": "wang", "on": "hers", "wrong": OTHERS, "foreign": "his", "family": True}
# A doctor of the department looks at papers of people near to others, never of another department.
PAPER = {"wrong": ("other_place.user", "some_doctor"), "foreign": "foreign_paper"}
TREATS = {"wrong": ("zhou.user", "some_doctor"), "foreign": "his"}
OFFICE = "some_outpatient_office"
WHY = "看不清日期，请重新拍"


def _paper(w) -> dict[str, object]:
    department = w.paper.department
    return {"kind": "outpatient_record", "department": department, "pages": papers.picture()}


def _read(step: str):
    def told(w) -> dict[str, object]:
        day = local_date(w.at).isoformat()
        read = {"code": "I10", "institution": "海淀医院", "visited_on": day}
        return {f"{step}{name}": value for name, value in read.items()}

    return told


def _one_disease(_w) -> dict[str, object]:
    return {"first": "I10", "second": "E11.9", "why": "同一次住院，编码不同"}


EVIDENCE = {
    "GET /me/patients/<uuid:public_id>/papers/": (Try(**HERS),),
    "GET /me/patients/<uuid:public_id>/papers/new/": (Try(**HERS),),
    "POST /me/patients/<uuid:public_id>/papers/new/": (Try(**HERS, body=_paper),),
    "POST /me/papers/<uuid:public_id>/withdraw/": (
        Try(**HERS | {"on": "paper", "foreign": "foreign_paper"}),
    ),
    "GET /doctor/papers/<uuid:public_id>/": (Try("zhou.user", "paper", **PAPER),),
    "POST /doctor/papers/<uuid:public_id>/confirm/": (
        Try("zhou.user", "paper", **PAPER, body=_read("confirm-")),
    ),
    "POST /doctor/papers/<uuid:public_id>/refuse/": (
        Try("zhou.user", "paper", **PAPER, body={"refuse-why": WHY}),
    ),
    "POST /doctor/papers/<uuid:public_id>/revoke/": (
        Try("zhou.user", "confirmed_paper", **PAPER, body={"revoke-why": WHY}),
    ),
    "GET /record/<uuid:public_id>/diseases/": (Try("open.doctor.user", "hers", **TREATS),),
    "POST /record/<uuid:public_id>/diseases/same/": (
        Try("open.doctor.user", "hers", **TREATS, refused=("friend.user",), body=_one_disease),
    ),
    "POST /record/diseases/<uuid:public_id>/take-back/": (
        Try(
            "open.doctor.user",
            "one_disease",
            **TREATS | {"foreign": "foreign_one_disease"},
            refused=("friend.user",),
        ),
    ),
    "GET /consult/check/": (Try("wang", query={"doctor": "new_doctor", "patient": "hers"}),),
    "GET /admin/patients/evidence/<path:object_id>/change/": (Try(OFFICE, "paper"),),
    "GET /admin/inbox/evidence/<uuid:public_id>/": (Try(OFFICE, "paper"),),
    "POST /admin/inbox/evidence/<uuid:public_id>/confirm/": (
        Try(OFFICE, "paper", body=_read("confirm-")),
    ),
    "POST /admin/inbox/evidence/<uuid:public_id>/refuse/": (
        Try(OFFICE, "paper", body={"refuse-why": WHY}),
    ),
    **{
        f"{method} /admin/patients/evidence/<path:object_id>/{step}/": (
            Try(OFFICE, thing, body=body if method == "POST" else None),
        )
        for method in ("GET", "POST")
        for step, thing, body in (
            ("confirm", "paper", _read("")),
            ("refuse", "paper", {"why": WHY}),
            ("revoke", "confirmed_paper", {"why": WHY}),
        )
    },
}
