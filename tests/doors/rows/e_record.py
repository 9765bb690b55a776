"""The e-record question by question; whom one acts for, and who acts for oneself."""

from tests.doors.matrix import Try

OTHERS = ("zhao", "some_patient")
HERS = {"right": "wang", "wrong": OTHERS, "foreign": "his", "family": True}
ALLERGIES = {"has_allergies": "no"}


def _hers(w) -> dict[str, object]:
    return {"patient": w.hers.public_id}


E_RECORD = {
    "GET /me/patients/<uuid:public_id>/health/<slug:code>/": (
        Try(**HERS, on=("hers", "=history")),
    ),
    "POST /me/patients/<uuid:public_id>/health/<slug:code>/": (
        Try(**HERS, on=("hers", "=allergies"), body=ALLERGIES),
    ),
    "PUT /api/v1/patients/<uuid:public_id>/health/<slug:step>": (
        Try(**HERS, on=("hers", "=allergies"), body={"allergies": []}),
    ),
    "POST /api/v1/links/<uuid:public_id>/end": (
        Try("wang", "family", wrong=OTHERS, foreign="foreign_family"),
    ),
    "POST /me/medicines/<uuid:public_id>/stop/": (
        Try(**HERS | {"foreign": "foreign_declared"}, on="declared"),
    ),
    # she holds the screen herself: nobody else's code is needed
    "POST /me/patients/<uuid:public_id>/consent/code/": (
        Try("wang", "hers", wrong=OTHERS, foreign="his", says=409),
    ),
    "POST /me/acting/": (Try("lina", body=_hers),),
    "POST /me/links/<uuid:public_id>/end/": (
        Try("wang", "family", wrong=(*OTHERS, "lina"), foreign="foreign_family"),
    ),
}
