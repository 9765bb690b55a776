"""The front page, the demonstration codes, and what survives a restart."""

import json

import httpx

from hospital.simulators.settings import Settings
from hospital.simulators.totp import totp
from hospital.simulators.world import create_application


def test_the_codes_are_those_of_the_standard():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert totp(secret, 59) == "287082"
    assert totp(secret, 1111111109) == "081804"


def test_the_front_page_shows_rooms_and_logins(world):
    login = {
        "role": "doctor",
        "role_label": "医生",
        "name": "林致远",
        "username": "lin",
        "password": "demo",
        "totp_secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    }
    world.settings.demo_file.write_text(json.dumps({"logins": [login]}), encoding="utf-8")
    page = world.client.get("/").text
    for title in ("院内 HIS", "微信支付", "短信", "快递", "监管平台", "实名核验", "林致远"):
        assert title in page
    [told] = world.client.get("/control/totp").json()["logins"]
    assert len(told["totp"]) == 6


async def test_a_restart_forgets_nothing(tmp_path):
    settings = Settings.in_folder(tmp_path)
    async with _world(settings) as first:
        told = (await first.post("/control/his/patients", json={"name": "𠮷野"})).json()
    async with _world(settings) as second:
        patient = (await second.get(f"/fhir/Patient/{told['id']}")).json()
    assert patient["name"][0]["text"] == "𠮷野"


def _world(settings):
    transport = httpx.ASGITransport(create_application(settings))
    return httpx.AsyncClient(transport=transport, base_url="http://world")
