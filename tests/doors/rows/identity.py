"""Signing in, one's sessions, messages, files, size and language."""

from tests.doors.matrix import Try
from tests.doors.world import picture

STRANGER = ""
NO_ID = "00000000-0000-4000-8000-000000000000"

IDENTITY = {
    "GET /sign-in/code/": (Try(STRANGER),),
    "POST /sign-in/": (Try(STRANGER, body={"phone": "not a phone"}, says=422),),
    "POST /sign-in/code/": (Try(STRANGER, body={"code": "000000"}),),
    "POST /sign-in/code/again/": (Try(STRANGER),),
    "POST /sign-in/staff/": (
        Try(STRANGER, body={"username": "x", "password": "y", "otp": "000000"}, says=422),
    ),
    "POST /sign-in/recall/": (Try(STRANGER),),
    "POST /sign-in/afresh/": (Try(STRANGER),),
    "POST /api/v1/sign-in/recall": (
        Try(STRANGER, body={"recall": NO_ID, "answers": {}}, says=400),
    ),
    "POST /api/v1/sign-in/afresh": (Try(STRANGER, body={"recall": NO_ID}, says=400),),
    "POST /me/phone/": (Try("wang", body={"phone": "1"}, says=422),),
    "POST /me/phone/codes/": (Try("wang"),),
    "POST /api/v1/me/phone": (Try("wang", body={"phone": "1"}, says=400),),
    "PUT /api/v1/me/phone": (Try("wang", body={"new": NO_ID, "new_code": "000000"}, says=400),),
    "POST /sign-out/": (Try("wang"),),
    "POST /me/sittings/<uuid:public_id>/end/": (
        Try("wang", "sitting", wrong=("zhao", "luo.user"), foreign="foreign_sitting"),
    ),
    "POST /me/verify/": (Try("waiting.doctor.user", body={"otp": "000000"}, says=422),),
    "DELETE /api/v1/session": (Try("wang"),),
    "POST /api/v1/sign-in/code": (Try(STRANGER, body={"phone": "1"}, says=400),),
    "POST /api/v1/sign-in": (
        Try(
            STRANGER,
            body={"code_id": NO_ID, "code": "1"},
            says=400,
        ),
    ),
    "POST /api/v1/sign-in/staff": (
        Try(STRANGER, body={"username": "x", "password": "y", "otp": "0"}, says=400),
    ),
    "POST /api/v1/verify": (Try("waiting.doctor.user", body={"otp": "000000"}, says=400),),
    "POST /inbox/<uuid:public_id>/read/": (
        Try("wang", "notice", wrong=("zhao", "lina", "luo.user"), foreign="foreign_notice"),
    ),
    "GET /files/<uuid:public_id>/": (
        Try(
            "wang",
            "file",
            wrong=("zhao", "zhou.user", "luo.user"),
            family=True,
            foreign="foreign_file",
        ),
        Try("open.doctor.user", "file", foreign="foreign_file"),
    ),
    "POST /api/v1/files": (
        Try(
            "wang",
            body=lambda w: {
                "kind": "consultation",
                "stream": w.open.public_id,
                "file": picture(),
            },
            names={"stream": "foreign"},
            wrong=("zhao", "zhou.user"),
            family=True,
        ),
    ),
    "POST /size/": (Try(STRANGER, body={"size": "large"}),),
    "POST /language/": (Try(STRANGER, body={"language": "en"}),),
}
