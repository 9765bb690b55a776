"""The back office: by role alone, so there is no wrong person, only rows that are missing."""

from tests.doors.matrix import Try

WHY = {"why": "核对无误"}
LOOKED_AT = {  # table: who looks, at which row
    "audit/alarm": ("audit_admin", "warned"),
    "audit/event": ("audit_admin", "event"),
    "accounts/user": ("security_admin", "luo.user"),
    "consultations/consultation": ("outpatient_office", "open"),
    "doctors/credential": ("medical_affairs", "credential"),
    "his/cursor": ("it", "cursor"),
    "his/quarantined": ("it", "quarantined"),
    "his/stock": ("pharmacy", "stock"),
    "payments/charge": ("finance", "charge"),
    "payments/refund": ("finance", "refund"),
    "payments/entry": ("finance", "entry"),
    "payments/alarm": ("finance", "alarm"),
    "policy/version": ("medical_affairs", "version"),
    "policy/decision": ("medical_affairs", "decision"),
    "prescriptions/prescription": ("pharmacy", "signed"),
    "prescriptions/dispensing": ("pharmacy", "dispensing"),
    "prescriptions/delivery": ("pharmacy", "sent.delivery"),
    "prescriptions/drug": ("pharmacy", "drug"),
    "regulator/upload": ("it", "upload"),
}
DECIDED = {  # step: who takes it, on which row
    "audit/alarm/<path:object_id>/acknowledge": ("audit_admin", "warned"),
    "audit/alarm/<path:object_id>/close": ("audit_admin", "looked_into"),
    "accounts/user/<path:object_id>/disable": ("system_admin", "zhou.user"),
    "accounts/user/<path:object_id>/enable": ("system_admin", "disabled"),
    "doctors/credential/<path:object_id>/approve": ("medical_affairs", "submitted"),
    "doctors/credential/<path:object_id>/refuse": ("medical_affairs", "submitted"),
    "doctors/credential/<path:object_id>/suspend": ("medical_affairs", "credential"),
    "doctors/credential/<path:object_id>/restore": ("medical_affairs", "suspended"),
    "regulator/upload/<path:object_id>/mend": ("it", "quarantined_upload"),
}

MANAGEMENT = {
    "GET /admin/cases/<uuid:visit>/": (Try("some_audit_admin", "open"),),
    "GET /api/v1/trail": (Try("some_audit_admin", query={"stream": "open"}),),
    "POST /admin/policy/version/publish/": (Try("some_medical_affairs", says=422),),
    **{
        f"GET /admin/{table}/<path:object_id>/change/": (Try(f"some_{role}", row),)
        for table, (role, row) in LOOKED_AT.items()
    },
    **{
        f"{method} /admin/{step}/": (Try(f"some_{role}", row, body=WHY),)
        for step, (role, row) in DECIDED.items()
        for method in ("GET", "POST")
    },
}
