"""Opens the HIS with its FHIR doors, a page to look at, and the hands that make new patients."""

import secrets
import sqlite3

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hospital.simulators import clock
from hospital.simulators.his import bills, cashier
from hospital.simulators.his.history import written_out
from hospital.simulators.his.newcomer import newcomer
from hospital.simulators.his.reference import MEDICINES
from hospital.simulators.his.room import HospitalSystem
from hospital.simulators.his.stock import stock
from hospital.simulators.page import link, page, table
from hospital.simulators.settings import Settings
from hospital.simulators.wishes import BadRequest, wish_in


def open_room(settings: Settings, database: sqlite3.Connection) -> HospitalSystem:
    room = HospitalSystem(settings, database)
    room.routes += _hands(room)
    return room


def _hands(room: HospitalSystem) -> list[Route]:
    async def people(_request: Request) -> Response:
        rows = (
            [
                link(f"/fhir/Patient/{each['id']}/$everything", each["name"][0]["text"]),
                each["birthDate"],
                each["identifier"][0]["value"],
                each["telecom"][0]["value"],
                _last_visit(room, each["id"]),
            ]
            for each in room.archive.all("Patient")
        )
        headings = ["姓名", "出生日期", "身份证号", "电话", "最近就诊"]
        return page("院内 HIS · 患者", table(headings, rows, "没有患者。"))

    async def new_patient(request: Request) -> Response:
        today = clock.now()
        past = newcomer(await wish_in(request), today)
        # Changes are dated now, whatever day they tell of: that is what _lastUpdated is for.
        for item, _at in written_out(past, today):
            room.archive.put(item, today)
        person = past.person
        told = {
            "id": person.id,
            "name": person.name,
            "id_number": person.id_number,
            "phone": person.phone,
            "sex": person.sex,
            "birth_date": person.birth_date.isoformat(),
            "allergies": list(person.allergies),
            "diagnoses": [code for visit in past.visits for code in visit.diagnoses],
        }
        return JSONResponse(told, 201)

    async def set_stock(request: Request) -> Response:
        wish = await wish_in(request)
        known = {each.code: each for each in MEDICINES.values()} | MEDICINES
        medicine, on_hand = known.get(str(wish.get("medicine"))), wish.get("on_hand")
        if medicine is None or not isinstance(on_hand, int):
            raise BadRequest("medicine (code or name) and on_hand (a whole number) are needed")
        return JSONResponse(room.archive.put(stock(medicine, on_hand), clock.now()))

    async def new_bill(request: Request) -> Response:
        """Raise a bill: `{"patient", "lines": [{"what", "yuan"}], "department"}`."""
        wish = await wish_in(request)
        patient_id, lines = str(wish.get("patient")), wish.get("lines") or [bills.CONSULTATION]
        if room.archive.find("Patient", patient_id) is None or not isinstance(lines, list):
            raise BadRequest("patient (an id) and lines are needed")
        today = clock.now()
        department = str(wish.get("department", "心血管内科"))
        bill = bills.Bill(f"n-{secrets.token_hex(6)}", patient_id, department, today)
        written = [room.archive.put(i, today) for i in bill.written(lines, bills.ISSUED)]
        return JSONResponse(written[-1], 201)

    async def window_pays(request: Request) -> Response:
        wish = await wish_in(request)
        return JSONResponse(cashier.window_pays(room.archive, str(wish.get("invoice"))))

    return [
        Route("/his/", people, methods=["GET"]),
        Route("/control/his/patients", new_patient, methods=["POST"]),
        Route("/control/his/stock", set_stock, methods=["POST"]),
        Route("/control/his/bills", new_bill, methods=["POST"]),
        Route("/control/his/window-pays", window_pays, methods=["POST"]),
    ]


def _last_visit(room: HospitalSystem, patient_id: str) -> str:
    visits = sorted(
        room.archive.of_patient("Encounter", patient_id), key=lambda visit: visit["period"]["start"]
    )
    if not visits:
        return "无"
    return f"{visits[-1]['period']['start'][:10]} {visits[-1]['serviceType']['text']}"
