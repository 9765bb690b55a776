"""One signed-in person of each kind, in a database of the browser tests' own."""

import secrets
from datetime import timedelta
from typing import Final

from django.http import HttpRequest

DEVICE: Final = "a-browser-of-the-tests-0001"
PEOPLE: Final = {  # key: name, roles
    "patient": ("周玉兰", ["patient"]),
    "elder": ("王秀兰", ["patient"]),
    "nameless": ("", ["patient"]),  # signed in for the first time
    "english": ("Zhou Yulan", ["patient"]),
    "doctor": ("林致远", ["doctor"]),
    "pharmacist": ("吴敏", ["pharmacist"]),
    "manager": ("赵立", ["system_admin"]),
    "affairs": ("钱卫", ["medical_affairs", "pharmacy", "finance"]),
    "auditor": ("孙清", ["audit_admin"]),
}


def everyone() -> dict[str, dict[str, str]]:
    """Open an account and a session for each; give their cookies."""
    cookies = {key: {"sid": _session(_account(key, *who))} for key, who in PEOPLE.items()}
    cookies["english"]["lang"] = "en"
    _licences()
    _wide_window()
    return cookies | {"halfway": {"sid": _halfway()}}


def _wide_window() -> None:
    """The walk takes longer than the usual window, and some of its pages ask for a fresh proof."""
    from hospital.accounts.models import User  # noqa: PLC0415 - needs the apps
    from hospital.kernel.clock import database_now  # noqa: PLC0415
    from hospital.policy import services  # noqa: PLC0415

    affairs = User.objects.get(username="affairs")
    services.publish({"step_up_minutes": 30}, by=affairs, at=database_now(), note="tests")


def session_of(key: str) -> str:
    """One more session, begun now, of a person who is there already."""
    from hospital.accounts.models import User  # noqa: PLC0415 - needs the apps

    return _session(User.objects.get(phone_index=_index(key)))


def _index(key: str) -> str:
    from hospital.accounts.models import User  # noqa: PLC0415 - needs the apps
    from hospital.kernel.encrypted import index_of  # noqa: PLC0415

    return index_of(User, "phone_index", _phone(key))


def _phone(key: str) -> str:
    return f"1380000{6000 + list(PEOPLE).index(key)}"


def _account(key, name, roles):
    from hospital.accounts.models import User  # noqa: PLC0415 - needs the apps
    from tests import make  # noqa: PLC0415

    if roles != ["patient"]:
        return make.staff(key, *roles, name=name)
    size = "elder" if key == "elder" else "standard"
    phone = _phone(key)
    user = User.objects.create(phone=phone, name=name, roles=roles, password="!", size=size)
    if key != "nameless":
        _notices(user)
    return user


def _licences() -> None:
    """The doctor and the pharmacist may practise."""
    from hospital.kernel.clock import database_now  # noqa: PLC0415 - needs the apps
    from tests import make  # noqa: PLC0415

    at = database_now()
    make.doctor("doctor", PEOPLE["doctor"][0], at=at)
    make.pharmacist("pharmacist", PEOPLE["pharmacist"][0], at=at)


def _notices(user) -> None:
    from hospital.kernel.clock import database_now  # noqa: PLC0415 - needs the apps
    from hospital.notifications.services import notify  # noqa: PLC0415

    at = database_now()
    told = [
        ("新设备登录", "您的账号刚刚在一台新设备上登录。如果不是您本人，请马上退出其他设备。"),
        ("医院停电检修", "今天 22:00–23:00 系统检修，检修时不能在线问诊，急病请拨打 120。"),
    ]
    for title, body in told:
        notify(user, kind="test.notice", title=title, body=body, at=at, link="/me/sittings/")


def _session(user) -> str:
    from hospital.accounts import services  # noqa: PLC0415 - needs the apps
    from hospital.accounts.models import User  # noqa: PLC0415
    from hospital.accounts.sessions import SessionStore  # noqa: PLC0415
    from hospital.kernel.clock import database_now  # noqa: PLC0415

    request = HttpRequest()
    request.session = SessionStore(secrets.token_hex(16))
    request.META["HTTP_USER_AGENT"] = "Chromium (tests)"
    at = database_now()
    User.objects.filter(pk=user.pk).exclude(username=None).update(
        password_set_at=at, factor_set_at=at
    )
    services.open_sitting(request, user, device=DEVICE, at=at, method="totp")
    request.session.save()
    return request.session.session_key


def _halfway() -> str:
    """Somebody who has been texted a code and has not entered it yet."""
    from hospital.accounts.models import Code  # noqa: PLC0415 - needs the apps
    from hospital.accounts.sessions import SessionStore  # noqa: PLC0415
    from hospital.kernel.clock import database_now  # noqa: PLC0415

    later = database_now() + timedelta(hours=1)
    code = Code.objects.create(purpose="sign-in", phone="13800006666", digest="-", expires_at=later)
    session = SessionStore()
    session["code"] = str(code.public_id)
    session.save()
    return session.session_key
