"""What doctors set up of their work, and the price list."""

from tests.doors.matrix import Try

DOCTOR = "zhou.user"
OTHERS = ("some_doctor", "new_doctor.user")
HOURS = {"weekday": "1", "opens": "8:00", "closes": "12:00", "is_open": "on"}
LINE = {
    "code": "FU-NEW",
    "kind": "followup",
    "name": "在线复诊",
    "name_en": "Online follow-up",
    "price_fen": "50",
    "starts_on": "2099-01-01",
}
OFFICE = "some_outpatient_office"


def _reply(step: str) -> Try:
    body = {"step": step, "text": "请先测一下血压。"}
    return Try(DOCTOR, "reply", wrong=OTHERS, foreign="foreign_reply", body=body)


def _both(step: str, who: str, row: str, body: dict) -> dict:
    """A step on a line of the price list, asked and taken."""
    where = f"/admin/doctors/price/<path:object_id>/{step}/"
    return {f"{method} {where}": (Try(who, row, body=body),) for method in ("GET", "POST")}


OFFERING = {
    "POST /doctor/settings/hours/": (Try(DOCTOR, body=HOURS),),
    "POST /doctor/settings/leave/": (Try(DOCTOR, body={}, says=422),),
    "POST /doctor/settings/leave/<uuid:public_id>/cancel/": (
        Try(DOCTOR, "leave", wrong=OTHERS, foreign="foreign_leave"),
    ),
    "POST /doctor/settings/promises/": (Try(DOCTOR, body={"reply_minutes": "30"}),),
    "POST /doctor/settings/replies/": (Try(DOCTOR, body={"text": "请按时吃药。"}),),
    "POST /doctor/settings/replies/<uuid:public_id>/": (_reply("save"),),
    "POST /doctor/prescriptions/sets/": (
        Try(DOCTOR, body=lambda w: {"set": w.set.public_id}, names={"set": "foreign_set"}),
    ),
    "POST /admin/doctors/price/propose/": (Try("some_finance", body=LINE, says=422),),
    "GET /admin/doctors/price/<path:object_id>/change/": (Try(OFFICE, "proposed"),),
    **_both("publish", OFFICE, "proposed", {}),
    **_both("refuse", OFFICE, "proposed", {"why": "太高"}),
    **_both("withdraw", "some_finance", "proposed", {}),
    **_both("end", OFFICE, "published", {"ends_on": "2099-01-01", "why": "项目取消"}),
}
