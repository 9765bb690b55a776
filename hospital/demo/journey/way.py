"""The way of one follow-up, from the phone code to the last acknowledgement of the regulator."""

import io
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw
from websockets.exceptions import ConnectionClosed

from hospital.demo.journey.cast import DIAGNOSIS, Pair, new_patient
from hospital.demo.journey.outside import Outside, until
from hospital.demo.journey.person import Mismatch, Person, receive
from hospital.demo.journey.telling import Tale

UPLOADS = {"VISIT", "RX_ISSUE", "RX_REVIEW", "DISPENSE", "DELIVERY", "EVAL"}
AMLODIPINE = "苯磺酸氨氯地平片"


@dataclass
class Way:
    """One patient's way. Each step leaves here what the next needs."""

    base: str
    outside: Outside
    pair: Pair
    tale: Tale
    found: dict[str, Any] = field(default_factory=dict)

    def walk(self) -> None:
        for step in (
            self.sign_in,
            self.make_record,
            self.see_history,
            self.find_doctor,
            self.be_eligible,
            self.order,
            self.pay,
            self.be_accepted,
            self.chat,
            self.prescribe,
            self.be_reviewed,
            self.pay_for_medicines,
            self.receive_medicines,
            self.close_and_rate,
            self.be_reported,
            self.be_told_by_the_trail,
        ):
            with self.tale.step((step.__doc__ or step.__name__).splitlines()[0]):
                step()

    def sign_in(self) -> None:
        """手机验证码登录 sign in by a texted code"""
        self.known = new_patient(self.outside)
        self.patient = Person(self.base, "patient", perseveres=self.pair.doctor.perseveres)
        self.patient.sign_in_by_phone(self.known["phone"], self.outside)
        expect(
            self.patient.get("/api/v1/session")["roles"] == ["patient"], "a patient is signed in"
        )

    def make_record(self) -> None:
        """实名、知情同意、电子建档 real name, consent, e-record"""
        self.patient_id = register(self.patient, self.known)

    def see_history(self) -> None:
        """看到院内就诊和报告 visits and reports from the HIS"""
        history = self.patient.get(f"/api/v1/patients/{self.patient_id}/history")
        codes = {d["code"] for visit in history["visits"] for d in visit["diagnoses"]}
        expect(DIAGNOSIS in codes, "the visit at the hospital is there")
        reports = self.patient.get(f"/api/v1/patients/{self.patient_id}/reports")["rows"]
        expect(len(reports) > 0, "there are reports")
        one = self.patient.get(
            f"/api/v1/patients/{self.patient_id}/reports/{reports[0]['public_id']}"
        )
        expect(len(one["items"]) > 0, "a report has values")

    def find_doctor(self) -> None:
        """找科室和医生 find department and doctor"""
        departments = self.patient.get("/api/v1/departments")["rows"]
        expect(any(row["name"] == "心血管内科" for row in departments), "the department is there")
        doctor = self.patient.get(f"/api/v1/doctors/{self.pair.doctor_id}")
        expect(doctor["department"] == "心血管内科", "the doctor is a cardiologist")

    def be_eligible(self) -> None:
        """按规则核验复诊资格 eligibility by rule"""
        judged = self.patient.post("/api/v1/consultations/eligibility", self._wish())
        expect(judged["decision"] == "pass", f"eligible, not {judged}")

    def order(self) -> None:
        """下单 order"""
        made = self.patient.post(
            "/api/v1/consultations", self._wish() | {"complaint": "血压药快吃完了，早上有点头晕。"}
        )
        self.visit, self.charge = made["public_id"], made["charge"]["public_id"]
        expect(made["state"] == "unpaid", "not paid yet")

    def pay(self) -> None:
        """微信支付，签名回调 payment with its signed callback"""
        self.order_no = settle(self.patient, self.outside, self.charge)
        until(lambda: self._visit(self.patient)["state"] == "waiting")
        work = self.pair.doctor.get("/api/v1/consultations")["rows"]
        expect(any(row["public_id"] == self.visit for row in work), "it is on the doctor's list")

    def be_accepted(self) -> None:
        """医生核验身份后接诊 the doctor, verified, accepts"""
        accepted = accept(self.pair, self.visit)
        expect(accepted["state"] == "open", "open")
        expect(self._visit(self.patient)["state"] == "open", "the patient sees it open")

    def chat(self) -> None:
        """双向实时聊天，含图片 live chat both ways, with a picture"""
        tries = 5 if self.patient.perseveres else 1
        for left in reversed(range(tries)):
            try:
                return self._talk()
            except (ConnectionClosed, OSError, TimeoutError):
                if not left:
                    raise
                time.sleep(2)
        return None

    def _talk(self) -> None:
        path = f"/ws/consultations/{self.visit}/"
        with self.patient.socket(path) as mine, self.pair.doctor.socket(path) as theirs:
            receive(mine, "hello"), receive(theirs, "hello")
            seq = say(mine, text="陈医生您好，这是这几天的血压。")
            expect(_upto(theirs, seq)["text"].endswith("血压。"), "the doctor reads it")
            picture = self.patient.upload(
                "/api/v1/files", drawing(), kind="consultation", stream=self.visit
            )
            seq = say(mine, file=picture["public_id"])
            expect(_upto(theirs, seq)["kind"] == "image", "the doctor sees the picture")
            seen = self.pair.doctor.http.get(picture["url"])
            expect(seen.status_code == 200 and len(seen.content) > 500, "and can open it")
            seq = say(theirs, text="看到了，我给您续上药。")
            expect(_upto(mine, seq)["side"] == "doctor", "the patient reads the answer")
        rows = self.patient.get(f"/api/v1/consultations/{self.visit}/messages")["messages"]
        numbers = [row["seq"] for row in rows]
        expect(numbers == list(range(1, len(numbers) + 1)), f"no gap in {numbers}")

    def prescribe(self) -> None:
        """开方，规则实时提示，医生签名 prescription with live findings, signed"""
        record = self.pair.doctor.get(f"/api/v1/patients/{self.patient_id}/record", why="care")
        expect(record["patient"]["public_id"] == self.patient_id, "the doctor reads the record")
        self.prescription = draft(self.pair.doctor, self.visit, AMLODIPINE)
        signed = self.pair.doctor.post(f"/api/v1/prescriptions/{self.prescription}/sign")
        expect(signed["state"] == "signed", "signed")

    def be_reviewed(self) -> None:
        """药师审方通过 the pharmacist approves"""
        queue = self.pair.pharmacist.get("/api/v1/reviews")["rows"]
        expect(any(row["public_id"] == self.prescription for row in queue), "it waits for review")
        self.pair.pharmacist.post(
            f"/api/v1/prescriptions/{self.prescription}/approve", {"note": ""}
        )
        expect(
            self._prescription(self.patient)["state"] == "approved", "the patient sees it approved"
        )

    def pay_for_medicines(self) -> None:
        """选择配送并缴药费 choose delivery and pay for the medicines"""
        address = self.patient.post(
            "/api/v1/addresses",
            {
                "name": self.known["name"],
                "phone": self.known["phone"],
                "region": "北京市海淀区",
                "detail": "花园北路 1 号院 2 号楼",
            },
        )
        made = self.patient.post(
            f"/api/v1/prescriptions/{self.prescription}/order",
            {"mode": "courier", "address": address["public_id"]},
        )
        settle(self.patient, self.outside, made["charge"]["public_id"])
        until(
            lambda: (
                (self._prescription(self.patient).get("delivery") or {}).get("state") == "packed"
            )
        )

    def receive_medicines(self) -> None:
        """发药、配送、签收 dispensed, shipped, received"""
        door = f"/api/v1/prescriptions/{self.prescription}"
        self.pair.pharmacist.post(f"{door}/dispense", {"batches": []})
        shipped = self.pair.pharmacist.post(f"{door}/ship")
        self.outside.deliver(shipped["waybill"])
        until(lambda: self._prescription(self.patient)["delivery"]["state"] == "delivered")

    def close_and_rate(self) -> None:
        """结束问诊并评价 end the consultation and rate it"""
        self.pair.doctor.post(f"/api/v1/consultations/{self.visit}/close")
        self.patient.post(
            f"/api/v1/consultations/{self.visit}/rate", {"stars": 5, "text": "很耐心。"}
        )
        expect(self._visit(self.patient)["state"] == "closed", "closed")

    def be_reported(self) -> None:
        """每一步都被监管平台确认 every step acknowledged by the supervision platform"""

        def schemas() -> set[str]:
            rows = self.outside.received_by_regulator(self.visit)
            return {
                row["envelope"]["schema"].split("/")[0] for row in rows if "envelope" in row
            } or {str(row.get("schema", "")).split("/")[0] for row in rows}

        until(lambda: schemas() >= UPLOADS, seconds=60)

    def be_told_by_the_trail(self) -> None:
        """审计记录讲出每一步 the audit trail tells each step"""
        rows = self.pair.auditor.get("/api/v1/trail", stream=self.visit)["rows"]
        kinds = [row["kind"] for row in rows]
        wanted = (
            *("consultation.order", "consultation.pay", "consultation.accept", "message.say"),
            *("prescription.sign", "prescription.approve", "prescription.dispense"),
            *("delivery.ship", "delivery.deliver", "consultation.close", "consultation.rate"),
        )
        missing = [kind for kind in wanted if kind not in kinds]
        expect(not missing, f"missing in the trail: {missing}")

    # --------------------------------------------------------------------------------------

    def _wish(self) -> dict[str, Any]:
        return {
            "patient": self.patient_id,
            "doctor": self.pair.doctor_id,
            "kind": "followup",
            "diagnoses": [DIAGNOSIS],
            "guardian_present": False,
        }

    def _visit(self, who: Person) -> dict[str, Any]:
        return dict(who.get(f"/api/v1/consultations/{self.visit}"))

    def _prescription(self, who: Person) -> dict[str, Any]:
        return dict(who.get(f"/api/v1/prescriptions/{self.prescription}"))


def expect(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise Mismatch(f"expected: {what}")


def register(person: Person, known: dict[str, Any], *, relation: str = "self") -> str:
    """Real name, consent to the newest texts, and the questions of the e-record."""
    made = person.post(
        "/api/v1/patients",
        {
            "name": known["name"],
            "id_number": known["id_number"],
            "relation": relation,
        },
    )
    for text in person.get("/api/v1/consent-texts")["rows"]:
        if text["kind"] == "own" or (text["kind"] == "guardian" and relation == "self"):
            continue
        person.post(
            f"/api/v1/patients/{made['public_id']}/consents",
            {"kind": text["kind"], "version": text["version"]},
        )
    health = {
        "allergies": [],
        "pregnancy": "no",
        "is_lactating": False,
        "weight_kg": "70.0",
        "liver": "normal",
        "history": "",
    }
    person.put(f"/api/v1/patients/{made['public_id']}/health", health)
    return str(made["public_id"])


def settle(person: Person, outside: Outside, charge: str) -> str:
    """Go to the cashier, pay there, wait until the platform has heard of it; the order's number."""
    number = outside.pay_at(person.post(f"/api/v1/charges/{charge}/pay", {})["cashier_url"])
    until(lambda: person.get(f"/api/v1/charges/{charge}")["state"] == "paid")
    return number


def accept(pair: Pair, visit: str) -> dict[str, Any]:
    """Accept; whose last proof has grown old proves themselves again (R-13)."""
    return dict(pair.doctor.post(f"/api/v1/consultations/{visit}/accept"))


def draft(doctor: Person, visit: str, drug: str, *, days: int = 7) -> str:
    """Write one line of `drug`, 5 mg once a day; the draft's public id."""
    rows = doctor.get("/api/v1/formulary", q=drug)["rows"]
    entry = next(row for row in rows if row["name"] == drug)
    line = {
        "drug": entry["public_id"],
        "dose": "5",
        "dose_unit": "mg",
        "frequency": "qd",
        "route": "oral",
        "days": days,
    }
    body = {"consultation": visit, "kind": "western", "diagnoses": [DIAGNOSIS], "lines": [line]}
    return str(doctor.post("/api/v1/prescriptions", body)["public_id"])


def say(socket: Any, **what: str) -> int:
    """Send over the socket; the number under which it was stored."""
    client_id = str(uuid.uuid4())
    socket.send(json.dumps({"type": "send", "client_id": client_id, **what}))
    ack = receive(socket, "ack")
    expect(ack["client_id"] == client_id, "the acknowledgement is mine")
    return int(ack["seq"])


def _upto(socket: Any, seq: int) -> dict[str, Any]:
    while True:
        message = receive(socket, "message")
        if message["seq"] == seq:
            return message


def drawing() -> bytes:
    """A small photograph of a note, as JPEG."""
    picture = Image.new("RGB", (640, 480), "#f7f3e8")
    pen = ImageDraw.Draw(picture)
    for row, words in enumerate(("158/95", "152/92", "156/94")):
        pen.text((80, 90 + 90 * row), words, fill="#26407a", font_size=48)
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()
