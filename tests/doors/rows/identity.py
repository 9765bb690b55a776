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
    "POST /me/sittings/end/": (Try("wang"),),
    # Passkeys are off at an IP address, which the platform of the tests has.
    "POST /sign-in/passkey/": (Try(STRANGER),),
    "POST /me/passkeys/": (Try("wang", says=422),),
    "POST /me/passkeys/<uuid:public_id>/remove/": (
        Try("wang", "passkey", wrong=("zhao", "luo.user"), foreign="foreign_passkey"),
    ),
    "POST /me/password/": (Try("waiting.doctor.user", says=422),),
    "POST /me/enrol/": (Try("waiting.doctor.user", body={"otp": "000000"}, says=422),),
    "POST /me/verify/code/": (Try("waiting.doctor.user", says=403),),
    "POST /activate/": (Try(STRANGER, body={"token": "nobody's"}, says=422),),
    "POST /activate/now/": (Try(STRANGER),),
    "POST /api/v1/sign-in/passkey": (Try(STRANGER, body={"passkey": {}}, says=403),),
    "POST /api/v1/sign-in/passkey/challenge": (Try(STRANGER, says=403),),
    "POST /api/v1/verify/code": (Try("waiting.doctor.user", says=403),),
    "POST /api/v1/verify/passkey/challenge": (Try("wang", says=403),),
    "POST /api/v1/passkeys": (Try("wang", body={"passkey": {}}, says=403),),
    "POST /api/v1/passkeys/challenge": (Try("wang", says=403),),
    "DELETE /api/v1/passkeys/<uuid:public_id>": (
        Try("wang", "passkey", wrong=("zhao", "luo.user"), foreign="foreign_passkey"),
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
