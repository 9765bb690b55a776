"""What tests of prescriptions begin from: an open follow-up, a lawful draft, each later state."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import pyotp

from doctors.models import Clinician
from hospital.accounts import factors
from hospital.accounts.models import User
from hospital.consultations.lifecycle import State as VisitState
from hospital.consultations.models import Consultation
from patients import selectors as records
from patients import services as patients
from patients.models import Address, Patient
from prescriptions import gateways, services
from prescriptions.lifecycle import State
from prescriptions.models import Delivery, Drug, Prescription
from tests import consulting, make, paying
from tests.conftest import NOON

AMLODIPINE = "苯磺酸氨氯地平片 5mg"
VALSARTAN = "缬沙坦胶囊 80mg"
SIMVASTATIN, CLARITHROMYCIN = "辛伐他汀片 20mg", "克拉霉素片 250mg"
ALPRAZOLAM = "阿普唑仑片 0.4mg"
LATE = NOON + timedelta(days=5)


@dataclass
class Cast:
    user: User  # the patient's account
    patient: Patient
    doctor: Clinician
    pharmacist: Clinician
    visit: Consultation


def cast(*, at: datetime = NOON) -> Cast:
    """王秀兰 in an open follow-up with 陈思远; 罗敏 reviews."""
    user, patient = consulting.wang(at)
    doctor = make.doctor(at=at)
    visit = consulting.in_state(VisitState.OPEN, user, patient, doctor, at=at)
    return Cast(user, patient, doctor, make.pharmacist(at=at), visit)


def drug(key: str = AMLODIPINE) -> Drug:
    return Drug.objects.get(key=key)


def line(key: str = AMLODIPINE, dose: str = "5", **other: object) -> services.Wish:
    wish = {"frequency": "qd", "days": 7, "dose": Decimal(dose)} | other
    return services.Wish(drug=drug(key), **wish)


def draft(cast: Cast, *lines: services.Wish, at: datetime = NOON, **terms: object) -> Prescription:
    begun = services.begin(cast.visit, by=cast.doctor.user, at=at)
    wishes = lines or (line(),)
    return services.change(begun, lines=wishes, by=cast.doctor.user, at=at, **terms)


def signed(cast: Cast, *lines: services.Wish, at: datetime = NOON, **terms: object) -> Prescription:
    written = draft(cast, *lines, at=at, **terms)
    return services.sign(written, by=cast.doctor.user, at=at)


def approved(cast: Cast, *lines: services.Wish, at: datetime = NOON) -> Prescription:
    made = signed(cast, *lines, at=at)
    return services.approve(made, by=cast.pharmacist.user, at=at)


def address(user: User) -> Address:
    return patients.add_address(
        user,
        name="王秀兰",
        phone="13800006620",
        region="北京市海淀区",
        detail="花园北路 1 号院 3 号楼",
        at=NOON,
    )


def agree_to_courier(cast: Cast) -> None:
    text = records.newest_texts().get(kind="courier")
    patients.consent(cast.patient, text, by=cast.user, at=NOON)


def ordered(
    cast: Cast, prescription: Prescription, mode: str = "window", *, at: datetime = NOON
) -> Prescription:
    where = None
    if mode == "courier":
        agree_to_courier(cast)
        where = address(cast.user)
    services.order_medicines(prescription, mode=mode, address=where, by=cast.user, at=at)
    return Prescription.objects.get(pk=prescription.pk)


def paid(
    cast: Cast, *lines: services.Wish, mode: str = "window", at: datetime = NOON
) -> Prescription:
    made = ordered(cast, approved(cast, *lines, at=at), mode, at=at)
    paying.settle(made.charge, at=at)
    return Prescription.objects.get(pk=made.pk)


def dispensed(
    cast: Cast, *lines: services.Wish, mode: str = "window", at: datetime = NOON
) -> Prescription:
    made = paid(cast, *lines, mode=mode, at=at)
    services.dispense(made, by=cast.pharmacist.user, at=at)
    return Prescription.objects.get(pk=made.pk)


def in_state(state: str, cast: Cast) -> Prescription:
    """A prescription that has come to `state` by the steps that people take."""
    doctor, pharmacist = cast.doctor.user, cast.pharmacist.user
    match state:
        case State.DRAFT:
            made = draft(cast)
        case State.SIGNED:
            made = signed(cast)
        case State.APPROVED:
            made = paid(cast)
        case State.RETURNED:
            made = services.send_back(signed(cast), note="剂量偏大", by=pharmacist, at=NOON)
        case State.REJECTED:
            made = services.reject(signed(cast), note="与诊断不符", by=pharmacist, at=NOON)
        case State.DISPENSED:
            made = dispensed(cast)
        case State.EXPIRED:
            made = services.expire(approved(cast), at=LATE)
        case State.VOID:
            made = services.void(signed(cast), by=doctor, at=NOON)
    made.refresh_from_db()
    assert made.state == state
    return made


class Courier:
    """A courier company in memory. `silent` is how many calls go unanswered."""

    def __init__(self) -> None:
        self.orders: dict[str, gateways.Parcel] = {}
        self.silent = 0

    def order(self, delivery: Delivery, **_what: object) -> gateways.Parcel:
        number = str(delivery.public_id)
        parcel = gateways.Parcel(f"SF{delivery.pk:013d}", [])
        parcel = self.orders.setdefault(number, parcel)
        self._may_be_silent()
        return parcel

    def track(self, waybill: str) -> gateways.Parcel:
        self._may_be_silent()
        return next(parcel for parcel in self.orders.values() if parcel.waybill == waybill)

    def _may_be_silent(self) -> None:
        if self.silent:
            self.silent -= 1
            raise gateways.outward.unavailable("快递公司")

    def open(self, monkeypatch) -> "Courier":
        monkeypatch.setattr(gateways, "order", self.order)
        monkeypatch.setattr(gateways, "track", self.track)
        return self


def news(delivery: Delivery, status: str, *, event_id: str = "", at: datetime = NOON):
    return gateways.News(
        event_id=event_id or f"{delivery.public_id.hex}-{status}",
        waybill=delivery.waybill or "",
        order_no=str(delivery.public_id),
        status=status,
        words=status,
        at=at,
    )


def shipped(cast: Cast, monkeypatch) -> Delivery:
    Courier().open(monkeypatch)
    made = dispensed(cast, mode="courier")
    return services.ship(made.delivery, by=cast.pharmacist.user, at=NOON)


def otp_of(clinician: Clinician, at: datetime = NOON) -> str:
    return pyotp.TOTP(factors.enrol(clinician.user).secret).at(at)


def another_patient(cast: Cast, *, at: datetime = NOON) -> Cast:
    """赵建民 in a follow-up of his own with the same doctor."""
    known = ("I10", "原发性高血压", 20)
    who = consulting.person("赵建民", "13800006621", date(1972, 3, 9), known, at=at)
    user = consulting.account("13800006621", "赵建民")
    patient = consulting.known(user, who, at=at)
    visit = consulting.in_state(VisitState.OPEN, user, patient, cast.doctor, at=at)
    return Cast(user, patient, cast.doctor, cast.pharmacist, visit)
