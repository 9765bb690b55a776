"""Consultations for tests, made by the services that patients and doctors use."""

import itertools
import uuid
from datetime import date, datetime, timedelta

from doctors.models import Clinician
from hospital.accounts import services as accounts
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.consultations import services
from hospital.consultations.lifecycle import State
from hospital.consultations.models import Consultation
from hospital.his.models import Diagnosis, Person, Visit
from hospital.kernel import identity
from hospital.kernel.calendar import local_date
from patients import selectors as records
from patients import services as patients
from patients.models import Patient
from tests import paying
from tests.conftest import NOON

_BIRTHS_A_DAY = 500  # of one sex in one region, as the number has room for
_numbers = itertools.count(1)


def id_number(birth: date, *, male: bool = False) -> str:
    """A valid number that nobody else in this run has."""
    region, place = divmod(next(_numbers), _BIRTHS_A_DAY)
    first17 = f"{110101 + region}{birth:%Y%m%d}{place * 2 + male:03d}"
    return first17 + identity.check_letter(first17)


def person(
    name: str,
    phone: str,
    birth: date,
    *diagnoses: tuple[str, str, int],
    department: str = "心血管内科",
    guardian: tuple[str, str] | None = None,
    at: datetime = NOON,
) -> Person:
    """Somebody in the hospital's mirror, with diagnoses as (code, name, days ago)."""
    known = {"updated_at": at, "pulled_at": at}
    contacts = (
        [{"name": guardian[0], "phone": guardian[1], "relationship": "父亲"}] if guardian else []
    )
    who = Person.objects.create(
        fhir_id=uuid.uuid4().hex,
        name=name,
        phone=phone,
        id_number=id_number(birth),
        birth_date=birth,
        sex="female",
        contacts=contacts,
        **known,
    )
    for code, title, days in diagnoses:
        when = at - timedelta(days=days)
        visit = Visit.objects.create(
            fhir_id=uuid.uuid4().hex,
            person=who,
            at=when,
            kind="outpatient",
            department=department,
            **known,
        )
        Diagnosis.objects.create(
            fhir_id=uuid.uuid4().hex,
            person=who,
            visit=visit,
            code=code,
            name=title,
            at=when,
            **known,
        )
    return who


def account(phone: str, name: str) -> User:
    return User.objects.create(phone=phone, name=name, roles=[Role.PATIENT], password="!")


def known(user: User, who: Person, relation: str = "self", *, at: datetime = NOON) -> Patient:
    """`who` registered by `user`, agreed to everything, allergies answered."""
    patient = patients.register(
        user, name=who.name, id_number=who.id_number, relation=relation, at=at
    )
    for text in records.texts_needed(patient, on=local_date(at)):
        patients.consent(patient, text, by=user, at=at)
    return patients.set_health(patient, by=user, at=at, allergies=[])


def wang(at: datetime = NOON) -> tuple[User, Patient]:
    """王秀兰, seen for high blood pressure forty days ago."""
    who = person("王秀兰", "13800006620", date(1958, 6, 17), ("I10", "原发性高血压", 40), at=at)
    user = account("13800006620", "王秀兰")
    return user, known(user, who, at=at)


def stranger() -> User:
    return account(f"1390{1_000_000 + next(_numbers)}", "路人")


def ordered(
    user: User, patient: Patient, doctor: Clinician, *, at: datetime = NOON, **other: object
) -> Consultation:
    wish = {
        "kind": "followup",
        "diagnoses": ["I10"],
        "complaint": "血压药快吃完了，早上有点头晕。",
        "guardian_present": False,
    } | other
    return services.order(user, patient=patient, doctor=doctor, at=at, **wish)


def paid(consultation: Consultation, *, at: datetime = NOON) -> Consultation:
    paying.settle(consultation.charge, at=at)
    consultation.refresh_from_db()
    return consultation


def verified(doctor: Clinician, *, at: datetime = NOON) -> None:
    accounts.verified(doctor.user, method="totp", at=at)


def opened(consultation: Consultation, *, at: datetime = NOON) -> Consultation:
    verified(consultation.doctor, at=at)
    return services.accept(consultation, by=consultation.doctor.user, at=at)


def in_state(
    state: str, user: User, patient: Patient, doctor: Clinician, *, at: datetime = NOON
) -> Consultation:
    """A consultation that has come to `state` by the steps that people take."""
    made = ordered(user, patient, doctor, at=at)
    by, of = doctor.user, State
    if state in (of.WAITING, of.OPEN, of.CLOSED, of.DECLINED, of.LAPSED, of.REFERRED):
        made = paid(made, at=at)
    if state in (of.OPEN, of.CLOSED, of.REFERRED):
        made = opened(made, at=at)
    match state:
        case of.CANCELLED:
            services.cancel(made, by=user, at=at)
        case of.EXPIRED:
            services.sweep(at=made.pay_by + timedelta(minutes=3))
        case of.DECLINED:
            services.decline(made, reason="no-time", by=by, at=at)
        case of.LAPSED:
            services.sweep(at=made.accept_by)
        case of.CLOSED:
            services.close(made, by=by, at=at)
        case of.REFERRED:
            services.refer(made, reason="needs-examination", by=by, at=at)
    made.refresh_from_db()
    assert made.state == state
    return made


def said(consultation: Consultation, by: User, text: str = "您好", *, at: datetime = NOON, **more):
    client_id = more.pop("client_id", None) or uuid.uuid4()
    return services.say(consultation, by=by, at=at, client_id=client_id, text=text, **more)
