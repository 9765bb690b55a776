"""The back office: by role alone, so there is no wrong person, only rows that are missing."""

from tests.doors.matrix import Try

WHY = {"why": "核对无误"}
LOOKED_AT = {  # table: who looks, at which row
    "audit/alarm": ("audit_admin", "warned"),
    "audit/event": ("audit_admin", "event"),
    "accounts/user": ("security_admin", "luo.user"),
    "accounts/rolechange": ("security_admin", "asked_role"),
    "consultations/consultation": ("outpatient_office", "open"),
    "consultations/handover": ("outpatient_office", "handover"),
    "doctors/credential": ("medical_affairs", "credential"),
    "his/cursor": ("it", "cursor"),
    "his/quarantined": ("it", "quarantined"),
    "his/stock": ("pharmacy", "stock"),
    "payments/charge": ("finance", "charge"),
    "payments/refund": ("finance", "refund"),
    "payments/entry": ("finance", "entry"),
    "payments/alarm": ("finance", "alarm"),
    "patients/billpayment": ("finance", "bill_payment"),
    "patients/glass": ("medical_affairs", "glass"),
    "patients/patient": ("medical_affairs", "hers"),
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
    "accounts/user/<path:object_id>/end-sittings": ("system_admin", "zhou.user"),
    "accounts/rolechange/<path:object_id>/refuse": ("security_admin", "asked_role"),
    "consultations/handover/<path:object_id>/end": ("outpatient_office", "handover"),
    "doctors/credential/<path:object_id>/approve": ("medical_affairs", "submitted"),
    "doctors/credential/<path:object_id>/refuse": ("medical_affairs", "submitted"),
    "doctors/credential/<path:object_id>/suspend": ("medical_affairs", "credential"),
    "doctors/credential/<path:object_id>/restore": ("medical_affairs", "suspended"),
    "patients/glass/<path:object_id>/justify": ("medical_affairs", "ended_glass"),
    "patients/glass/<path:object_id>/object": ("medical_affairs", "ended_glass"),
    "patients/patient/<path:object_id>/protect": ("medical_affairs", "hers"),
    "patients/patient/<path:object_id>/unprotect": ("medical_affairs", "guarded"),
    "his/quarantined/<path:object_id>/mend": ("it", "quarantined"),
    "regulator/upload/<path:object_id>/mend": ("it", "quarantined_upload"),
}

UNMASK = {"details": ["name"], "reason": "complaint", "note": "核对投诉人"}


def _both(step: str, row: str, body: dict) -> dict:
    """A step of the security administrators, asked and taken."""
    tries = (Try("some_security_admin", row, body=body),)
    return {f"{method} /admin/{step}/": tries for method in ("GET", "POST")}


MANAGEMENT = {
    "GET /admin/cases/<uuid:visit>/": (Try("some_audit_admin", "open"),),
    "GET /api/v1/trail": (Try("some_audit_admin", query={"stream": "open"}),),
    "POST /admin/policy/version/publish/": (Try("some_medical_affairs", says=422),),
    "POST /admin/accounts/user/open/": (
        Try("some_system_admin", body={"username": "newcomer", "name": "新人"}),
    ),
    **_both("accounts/user/<path:object_id>/ask-role", "luo.user", {"role": "pharmacy", **WHY}),
    **_both(
        "accounts/user/<path:object_id>/revoke-role", "luo.user", {"role": "pharmacist", **WHY}
    ),
    **_both("accounts/user/<path:object_id>/reset-password", "luo.user", WHY),
    **_both("accounts/user/<path:object_id>/reset-factor", "luo.user", WHY),
    **_both("accounts/user/<path:object_id>/reopen", "luo.user", WHY),
    **{
        f"{method} /admin/accounts/user/<path:object_id>/invite/": (
            Try("some_system_admin", "invited"),
        )
        for method in ("GET", "POST")
    },
    **_both("accounts/rolechange/<path:object_id>/grant", "asked_role", {}),
    **_both("accounts/rolechange/<path:object_id>/withdraw", "own_asked_role", {}),
    "GET /admin/patients/<uuid:public_id>/": (Try("some_outpatient_office", "hers"),),
    "POST /admin/patients/<uuid:public_id>/": (Try("some_outpatient_office", "hers", body=UNMASK),),
    "POST /api/v1/patients/<uuid:public_id>/unmask": (
        Try("some_outpatient_office", "hers", body=UNMASK),
    ),
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
