"""Licences and privileges: their holder's own page, and the decisions of medical affairs."""

from datetime import timedelta

from hospital.kernel.calendar import local_date
from tests import make
from tests.doors.matrix import Try
from tests.doors.world import World, picture

WHY = {"why": "核对无误"}
AFFAIRS = "some_medical_affairs"
HOLDER = "submitted.clinician.user"
OTHERS = ("some_doctor", "zhou.user")
DECIDED = {  # step: on which row
    "grant": "asked_privilege",
    "refuse": "asked_privilege",
    "suspend": "privilege",
    "end": "privilege",
    "restore": "suspended_privilege",
}
_INBOX = {"right": AFFAIRS, "on": "asked_privilege", "foreign": "own_privilege"}


def _licence(w: World) -> dict:
    return {
        **make.certificates(w.new_doctor),
        "institution": "示范大学第三医院",
        "scope": "内科专业",
        "independent_since": "2010-07-01",
        "valid_until": local_date(w.at) + timedelta(days=1000),
    }


def _wish(w: World) -> dict:
    today = local_date(w.at)
    until = today + timedelta(days=200)
    return {"kind": "emergency", "starts_on": today, "ends_on": until}


def _paper(_w: World) -> dict:
    return {"kind": "practice", "file": picture()}


CREDENTIALING = {
    **{
        f"{method} /doctor/account/<uuid:public_id>/{form}/": (
            Try("new_doctor.user", "new_doctor", wrong=("some_doctor",), foreign="zhou", body=body),
        )
        for form, body in (("credential", _licence), ("privilege", _wish))
        for method in ("GET", "POST")
    },
    **{
        f"POST /doctor/account/credentials/<uuid:public_id>/{step}/": (
            Try(HOLDER, "submitted", wrong=OTHERS, foreign="credential", body=body),
        )
        for step, body in (("papers", _paper), ("withdraw", {}))
    },
    "POST /doctor/account/privileges/<uuid:public_id>/withdraw/": (
        Try("zhou.user", "asked_privilege", wrong=("some_doctor",), foreign="own_privilege"),
    ),
    "GET /admin/doctors/privilege/<path:object_id>/change/": (Try(AFFAIRS, "privilege"),),
    **{
        f"{method} /admin/doctors/privilege/<path:object_id>/{step}/": (
            Try(AFFAIRS, row, body=WHY),
        )
        for step, row in DECIDED.items()
        for method in ("GET", "POST")
    },
    "GET /admin/inbox/privilege/<uuid:public_id>/": (Try(**_INBOX),),
    **{
        f"POST /admin/inbox/privilege/<uuid:public_id>/{step}/": (
            Try(**_INBOX, body={f"{step}-why": "核对无误"}),
        )
        for step in ("grant", "refuse")
    },
}
