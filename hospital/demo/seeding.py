"""Seeds the demonstration through services alone, so that nothing stands that the rules forbid.

Running it again adds what is missing and changes nothing else.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from doctors import selectors as doctors_selectors
from doctors import services as doctors
from doctors.models import Clinician, Credential, Department, Duty
from hospital.accounts import factors
from hospital.accounts import services as accounts
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.demo import papers
from hospital.demo.cast import (
    DOCTORS,
    MANAGERS,
    MODULES,
    PASSWORD,
    PATIENTS,
    PHARMACISTS,
    PRICES,
    STAFF,
    Member,
    Staff,
)
from hospital.kernel.calendar import local_date
from hospital.kernel.encrypted import index_of
from hospital.policy import selectors as policy
from hospital.policy import services as policies
from patients import selectors as patients_selectors
from patients import services as patients
from patients.models import Patient

Tell = Callable[[str], None]
ONLINE = {"minimum_age_online": 0}  # the demonstration has paediatricians


def seed(*, at: datetime, tell: Tell) -> dict[str, Any]:
    """Everything, in order. Returns what `demo.json` holds: every login, secret and id."""
    accounts_of = {who.username: account(who, at=at) for who in STAFF}
    office, second = (accounts_of[who.username] for who in MANAGERS[:2])
    tell(f"职工账号 {len(accounts_of)} staff accounts")
    price_list(accounts_of["caiwu"], accounts_of["menban"], at=at)
    tell(f"价目 {len(PRICES)} prices, proposed by one office and published by another")
    clinicians = [
        clinician(who, accounts_of[who.username], office, at=at) for who in DOCTORS + PHARMACISTS
    ]
    for each in clinicians:
        credential(each, by=second, at=at)
        privileges(each, by=second, at=at)
        duty(each, by=office, at=at)
    tell(f"医生和药师 {len(clinicians)} doctors and pharmacists, credentials approved, on duty")
    publish_policy(office, at=at)
    known = [patient(member, at=at) for member in PATIENTS]
    tell(f"患者 {len(known)} patients")
    by_number = {member.id_number: made for member, made in zip(PATIENTS, known, strict=True)}
    for paper in papers.PAPERS:
        papers.hand_in(paper, by_number[paper.of], accounts_of["chensiyuan"], at=at)
    tell(f"外院病历 {len(papers.PAPERS)} papers of other hospitals")
    return {
        "note": "演示用，均为虚构 demonstration only; everyone here is made up",
        "seeded_at": at.isoformat(),
        "logins": [login(who) for who in STAFF]
        + [phone_login(m) for m in PATIENTS if m.relation == "self"],
        "clinicians": {each.name: str(each.public_id) for each in clinicians},
        "departments": {d.name: str(d.public_id) for d in doctors_selectors.departments()},
        "patients": [
            {**asdict(member), "public_id": str(made.public_id)}
            for member, made in zip(PATIENTS, known, strict=True)
        ],
    }


def account(who: Staff, *, at: datetime) -> User:
    user = User.objects.filter(username=who.username).first()
    if user is None:
        user = accounts.add_staff(
            who.username,
            name=who.name,
            password=PASSWORD,
            roles=[who.role],
            by=None,
            at=at,
            demo=True,
        )
    factors.enrol(user, secret=who.totp_secret, at=at)
    return user


def clinician(who: Staff, user: User, office: User, *, at: datetime) -> Clinician:
    made = doctors_selectors.clinician_of(user, who.role)
    if made is None:
        made = doctors.add_clinician(
            user,
            kind=who.role,
            department=Department.objects.get(name=who.department),
            title=who.title,
            by=office,
            at=at,
            good_at=who.good_at,
            portrait=who.portrait,
            reply_minutes=who.reply_minutes,
        )
    for kind in MODULES if who.role == "doctor" else ():
        if doctors_selectors.service_of(made, kind) is None:
            code = "" if kind == "prescribing" else price_code(kind, who.title)
            doctors.set_service(
                made, kind, price_code=code, daily_quota=200, is_on=True, by=user, at=at
            )
    return made


def price_list(finance: User, office: User, *, at: datetime) -> None:
    """The published price list, by title, as a hospital has it."""
    today = local_date(at)
    there = {price.code for price in doctors_selectors.price_list(today)}
    for kind, title, name, name_en, price_fen in PRICES:
        code = price_code(kind, title)
        if code in there:
            continue
        proposed = doctors.propose_price(
            code=code,
            kind=kind,
            titles=[title],
            name=name,
            name_en=name_en,
            price_fen=price_fen,
            starts_on=today,
            by=finance,
            at=at,
        )
        doctors.publish_price(proposed, by=office, at=at)


def price_code(kind: str, title: str) -> str:
    return f"{kind}-{title}".upper().replace("_", "-")


def credential(of: Clinician, *, by: User, at: datetime) -> None:
    """Handed in by its holder, approved by medical affairs."""
    if Credential.objects.filter(clinician=of).exists():
        return
    who = next(each for each in STAFF if each.username == of.user.username)
    number = f"200011110{who.id_number}" if of.kind == "doctor" else f"YS{who.id_number}"
    handed_in = doctors.submit_credential(
        of,
        qualification_no=number,
        practice_no="110" + who.id_number[5:17] if of.kind == "doctor" else f"ZY{who.id_number}",
        institution="示范大学第三医院",
        scope=of.department.name,
        independent_since=date(2008, 7, 1),
        valid_until=date(at.year + 3, 12, 31),
        id_number=who.id_number,
        by=of.user,
        at=at,
    )
    doctors.approve(handed_in, by=by, at=at)


def privileges(of: Clinician, *, by: User, at: datetime) -> None:
    """Asked for by their holder until the licence ends, granted by medical affairs."""
    until = Credential.objects.get(clinician=of, state="approved").valid_until
    known = set(of.privileges.values_list("kind", flat=True))
    for kind, tier in usual_privileges(of):
        if kind not in known:
            asked = doctors.ask_privilege(
                of, kind, tier=tier, starts_on=local_date(at), ends_on=until, by=of.user, at=at
            )
            doctors.grant_privilege(asked, by=by, at=at)


def usual_privileges(of: Clinician) -> list[tuple[str, str]]:
    if of.kind == "pharmacist":
        return [("review", "")]
    who = next(each for each in DOCTORS if each.username == of.user.username)
    paediatrics = [("paediatrics", "")] if who.department == "儿科" else []
    return [("prescribe", ""), ("antimicrobial", who.antimicrobial_right), *paediatrics]


def duty(of: Clinician, *, by: User, at: datetime) -> None:
    """On duty for a year: a demonstration never sleeps."""
    if not Duty.objects.filter(clinician=of, ends_at__gt=at).exists():
        doctors.roster(
            of, starts_at=at - timedelta(minutes=1), ends_at=at + timedelta(days=365), by=by, at=at
        )


def publish_policy(office: User, *, at: datetime) -> None:
    if policy.current().number == 1:
        policies.publish(ONLINE, by=office, at=at, note="演示：开放儿科")


def patient(member: Member, *, at: datetime) -> Patient:
    """An account by phone, real name, consent, and the questions of the e-record."""
    index = index_of(User, "phone_index", member.phone)
    user = User.objects.filter(phone_index=index).first()
    if user is None:
        user = accounts.register_patient(member.phone, at=at, demo=True)
    for known in patients_selectors.linked_to(user):
        if known.id_number == member.id_number:
            return known
    made = patients.register(
        user, name=member.name, id_number=member.id_number, relation=member.relation, at=at
    )
    for text in patients_selectors.newest_texts():
        is_of_minors = text.kind in {"guardian", "own"}
        if not is_of_minors or (text.kind == "guardian" and member.relation == "child"):
            patients.consent(made, text, by=user, at=at)
    patients.set_health(
        made,
        by=user,
        at=at,
        allergies=[{"to": to, "reaction": reaction} for to, reaction in member.allergies],
        pregnancy=member.pregnancy,
        weight_kg=Decimal(member.weight_kg),
        history="",
    )
    return made


def login(who: Staff) -> dict[str, Any]:
    row = {
        "role": who.role,
        "role_label": who.role_label,
        "name": who.name,
        "login": who.username,
        "username": who.username,
        "password": PASSWORD,
        "totp_secret": who.totp_secret,
        "department": who.department,
    }
    made = Clinician.objects.filter(user__username=who.username).first()
    return row | ({"clinician": str(made.public_id)} if made else {})


def phone_login(member: Member) -> dict[str, Any]:
    return {
        "role": str(Role.PATIENT),
        "role_label": "患者",
        "name": member.name,
        "login": member.phone,
        "phone": member.phone,
        "password": "短信验证码 texted code",
    }
