"""The one inbox: each request for the second person, and missing for the first."""

from tests.doors.matrix import Try

AFFAIRS, SECURITY = "some_medical_affairs", "some_security_admin"
FIRST = ("second_security",)  # who asked for the role
STEPS = {  # kind: who decides, about which row, by which steps
    "credential": (Try(AFFAIRS, "submitted"), ("approve", "refuse")),
    "glass": (Try(AFFAIRS, "ended_glass"), ("justify", "object")),
    "price": (Try("some_outpatient_office", "proposed"), ("publish", "refuse")),
    "correction": (Try(AFFAIRS, "correction"), ("make", "refuse")),
    "import": (
        Try(AFFAIRS, "sheet", wrong=("second_affairs",), foreign="own_sheet"),
        ("confirm", "stop"),
    ),
    "role": (
        Try(SECURITY, "asked_role", wrong=FIRST, foreign="own_asked_role"),
        ("grant", "refuse"),
    ),
}


def _decided(row: Try, step: str) -> Try:
    why = {f"{step}-why": "核对无误"}
    return Try(row.right, row.on, body=why, wrong=row.wrong, foreign=row.foreign)


TRAINED = {
    "staff": "zhouruolan",
    "post": "doctor",
    "kind": "training",
    "topic": "院感防控",
    "on": "2025-01-02",
}

APPROVING = {
    "GET /admin/doctors/training/<path:object_id>/change/": (Try(AFFAIRS, "training"),),
    "POST /admin/doctors/training/new/": (Try(AFFAIRS, body=TRAINED),),
    **{
        f"GET /admin/inbox/{kind}/<uuid:public_id>/": (row,)
        for kind, (row, _steps) in STEPS.items()
    },
    **{
        f"POST /admin/inbox/{kind}/<uuid:public_id>/{step}/": (_decided(row, step),)
        for kind, (row, steps) in STEPS.items()
        for step in steps
    },
}
