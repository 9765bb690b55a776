"""Makes people and things for tests, by calling services: what they forbid cannot be made."""

import hashlib
from datetime import date, datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from doctors import selectors
from doctors import services as doctors
from doctors.models import Clinician, Department, Privilege
from hospital.accounts import factors
from hospital.accounts import services as accounts
from hospital.accounts.models import Sitting, User
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.kernel.identity import check_letter
from tests.conftest import NOON

QUALIFICATION = "200911110110108199003071238"  # holds a valid identity number
PRACTICE = "110110000012345"


def sitting_of(user: User, *, fresh: bool = True, ready: bool = True) -> Client:
    """A browser in which `user` is signed in; `fresh`: has just proved to be themselves;
    `ready`: staff have a factor and a password that is still good."""
    if ready and user.has_password:
        user.password_set_at = user.factor_set_at = database_now()
        user.save(update_fields=["password_set_at", "factor_set_at"])
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "hospital.accounts.backends.Accounts"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    store.save()
    Sitting.objects.filter(pk=store.digest).update(user=user)
    if fresh:
        method = "totp" if user.has_password else "sms"
        accounts.verified(user, method=method, at=database_now(), session=store.digest)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
    return client


def staff(username: str, *roles: str, name: str = "职工", at: datetime = NOON) -> User:
    """An account of somebody who works here and is ready to; the same one for the same name."""
    user = User.objects.filter(username=username).first()
    if user is None:
        secret = "a long enough secret"
        user = accounts.add_staff(
            username, name=name, password=secret, roles=list(roles), by=None, at=at
        )
        factors.enrol(user)
    return user


def medical_affairs(username: str = "yiwuchu") -> User:
    return staff(username, "medical_affairs", name="医务处")


def clinician(
    username: str, name: str, *, kind: str, department: str, title: str, at: datetime = NOON
) -> Clinician:
    """Somebody who may not practise yet."""
    return doctors.add_clinician(
        staff(username, kind, name=name, at=at),
        kind=kind,
        department=Department.objects.get(name=department),
        title=title,
        by=None,
        at=at,
    )


def licensed(who: Clinician, *, at: datetime = NOON, **licence: object) -> Clinician:
    """`who` with a credential in force, approved by medical affairs, and the usual privileges."""
    tier = str(licence.pop("antimicrobial_right", "restricted"))
    given = {
        **certificates(who),
        "institution": "示范大学第三医院",
        "scope": "内科专业",
        "independent_since": date(2010, 7, 1),
        "valid_until": date(2035, 6, 30),
    } | licence
    credential = doctors.submit_credential(who, by=who.user, at=at, **given)
    doctors.approve(credential, by=medical_affairs(), at=at)
    for kind in usual_privileges(who):
        until = credential.valid_until
        privilege(who, kind, tier=tier if kind == "antimicrobial" else "", until=until, at=at)
    return who


def certificates(who: Clinician) -> dict[str, str]:
    """Numbers that nobody else here has; the same person has the same, and 陈思远 the known."""
    if who.user.username == "chensiyuan":
        return {"qualification_no": QUALIFICATION, "practice_no": PRACTICE}
    place = int(hashlib.sha256(who.user.username.encode()).hexdigest(), 16)
    region, rest = divmod(place % 10**7, 1000)
    first17 = f"{110000 + region % 9000}19{70 + place % 20}0617{rest:03d}"
    number = f"200911110{first17}{check_letter(first17)}"
    return {"qualification_no": number, "practice_no": f"110{place % 10**12:012d}"}


def usual_privileges(who: Clinician) -> list[str]:
    """What somebody of this profession and department holds in tests, unless they say otherwise."""
    if who.kind == "pharmacist":
        return ["review"]
    paediatrics = ["paediatrics"] if who.department.name == "儿科" else []
    return ["prescribe", "antimicrobial", *paediatrics]


def privilege(
    who: Clinician,
    kind: str,
    *,
    tier: str = "",
    since: date | None = None,
    until: date = date(2035, 6, 30),
    at: datetime = NOON,
) -> Privilege:
    """Asked for by its holder and granted by medical affairs."""
    asked = doctors.ask_privilege(
        who,
        kind,
        tier=tier,
        starts_on=since or local_date(at),
        ends_on=until,
        by=who.user,
        at=at,
    )
    return doctors.grant_privilege(asked, by=medical_affairs(), at=at)


def without(who: Clinician, kind: str, *, at: datetime = NOON) -> Clinician:
    """`who` after medical affairs took one privilege away."""
    held = who.privileges.get(kind=kind, state="granted")
    doctors.end_privilege(held, by=medical_affairs(), at=at, why="不再需要")
    return who


def price(kind: str, price_fen: int, *, at: datetime = NOON) -> str:
    """The code of a published line of this amount, in force at `at`."""
    code = f"{kind}-{price_fen}".upper()
    if not any(each.code == code for each in selectors.price_list(local_date(at))):
        proposed = doctors.propose_price(
            code=code,
            kind=kind,
            name="在线复诊" if kind == "followup" else "图文咨询",
            name_en="Online follow-up" if kind == "followup" else "Written advice",
            price_fen=price_fen,
            starts_on=local_date(at),
            by=staff("caiwu", "finance", name="财务处", at=at),
            at=at,
        )
        office = staff("menban", "outpatient_office", name="门诊办公室", at=at)
        doctors.publish_price(proposed, by=office, at=at)
    return code


def doctor(
    username: str = "chensiyuan",
    name: str = "陈思远",
    *,
    department: str = "心血管内科",
    title: str = "chief",
    price_fen: int = 8000,
    daily_quota: int = 30,
    at: datetime = NOON,
    **licence: object,
) -> Clinician:
    """A doctor who may practise, receives patients and prescribes."""
    who = licensed(
        clinician(username, name, kind="doctor", department=department, title=title, at=at),
        at=at,
        **licence,
    )
    for kind in ("followup", "advice"):
        doctors.set_service(
            who,
            kind,
            price_code=price(kind, price_fen, at=at),
            daily_quota=daily_quota,
            is_on=True,
            by=who.user,
            at=at,
        )
    doctors.set_service(who, "prescribing", is_on=True, by=who.user, at=at)
    return who


def pharmacist(
    username: str = "luomin",
    name: str = "罗敏",
    *,
    at: datetime = NOON,
    on_duty: bool = True,
    **licence: object,
) -> Clinician:
    """A pharmacist who may review, on duty for twelve hours around `at`."""
    title = "supervising_pharmacist"
    who = licensed(
        clinician(username, name, kind="pharmacist", department="药学部", title=title, at=at),
        at=at,
        **licence,
    )
    if on_duty:
        hours = timedelta(hours=6)
        doctors.roster(who, starts_at=at - hours, ends_at=at + hours, by=medical_affairs(), at=at)
    return who
