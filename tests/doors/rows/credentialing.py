"""Licences and privileges: their holder's own page, and the decisions of medical affairs."""

from tests.doors.matrix import Try

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

CREDENTIALING = {
    **{
        f"{method} /doctor/account/<uuid:public_id>/{form}/": (
            Try("zhou.user", "zhou", wrong=("some_doctor",), foreign="new_doctor", says=says),
        )
        for form in ("credential", "privilege")
        for method, says in (("GET", 200), ("POST", 422))
    },
    **{
        f"POST /doctor/account/credentials/<uuid:public_id>/{step}/": (
            Try(HOLDER, "submitted", wrong=OTHERS, foreign="credential"),
        )
        for step in ("papers", "withdraw")
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
