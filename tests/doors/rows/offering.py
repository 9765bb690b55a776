"""What doctors set up of their work, and the price list."""

from datetime import timedelta

from hospital.kernel.calendar import local_date
from tests.doors.matrix import Try
from tests.doors.world import World

DOCTOR = "zhou.user"
OTHERS = ("some_doctor", "new_doctor.user")
HOURS = {"weekday": "1", "opens": "8:00", "closes": "12:00", "is_open": "on"}
OFFICE = "some_outpatient_office"


def _line(w: World) -> dict:
    return {
        "code": "FU-NEW",
        "kind": "followup",
        "name": "在线复诊",
        "name_en": "Online follow-up",
        "price_fen": "50",
        "starts_on": _day(w, 30),
    }


def _day(w: World, days: int) -> str:
    return (local_date(w.at) + timedelta(days=days)).isoformat()


def _away(w: World) -> dict:
    return {"starts_on": _day(w, 50), "ends_on": _day(w, 51)}


def _reply(step: str) -> Try:
    body = {"step": step, "text": "请先测一下血压。"}
    return Try(DOCTOR, "reply", wrong=OTHERS, foreign="foreign_reply", body=body)


def _both(step: str, who: str, row: str, body: dict) -> dict:
    """A step on a line of the price list, asked and taken."""
    where = f"/admin/doctors/price/<path:object_id>/{step}/"
    return {f"{method} {where}": (Try(who, row, body=body),) for method in ("GET", "POST")}


OFFERING = {
    "POST /doctor/settings/hours/": (Try(DOCTOR, body=HOURS),),
    "POST /doctor/settings/leave/": (Try(DOCTOR, body=_away),),
    "POST /doctor/settings/leave/<uuid:public_id>/cancel/": (
        Try(DOCTOR, "leave", wrong=OTHERS, foreign="foreign_leave"),
    ),
    "POST /doctor/settings/promises/": (Try(DOCTOR, body={"reply_minutes": "30"}),),
    "POST /doctor/settings/replies/": (Try(DOCTOR, body={"text": "请按时吃药。"}),),
    "POST /doctor/settings/replies/<uuid:public_id>/": (_reply("save"),),
    "POST /doctor/prescriptions/sets/": (
        Try(DOCTOR, body=lambda w: {"set": w.set.public_id}, names={"set": "foreign_set"}),
    ),
    "POST /admin/doctors/price/propose/": (Try("some_finance", body=_line),),
    "GET /admin/doctors/price/<path:object_id>/change/": (Try(OFFICE, "proposed"),),
    **_both("publish", OFFICE, "proposed", {}),
    **_both("refuse", OFFICE, "proposed", {"why": "太高"}),
    **_both("withdraw", "some_finance", "proposed", {}),
    **_both("end", OFFICE, "published", {"ends_on": "2099-01-01", "why": "项目取消"}),
}
