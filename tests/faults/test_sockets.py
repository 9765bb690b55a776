"""Real WebSockets against a served platform: who gets in, and who is put out in time."""

import json
import time

import pytest
from django.conf import settings
from django.db import transaction
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from hospital.accounts import services
from hospital.accounts.models import User
from hospital.notifications import services as notifications
from tests.browser.serving import served
from tests.conftest import NOON
from tests.make import sitting_of

pytestmark = pytest.mark.django_db(transaction=True)
PROMISE = 5  # seconds until an ended session's sockets are closed


@pytest.fixture
def wang():
    return User.objects.create(phone="13800006620", roles=["patient"], password="!")


@pytest.fixture
def base(transactional_db, tmp_path):
    from django.db import connection  # noqa: PLC0415 - its name changes with the database

    with served(connection.settings_dict["NAME"], tmp_path / "static") as address:
        yield address


def socket(base, user, *, origin=None, path="/ws/inbox/"):
    cookie = ""
    if user is not None:
        key = sitting_of(user).cookies[settings.SESSION_COOKIE_NAME].value
        cookie = f"{settings.SESSION_COOKIE_NAME}={key}"
    headers = {"Cookie": cookie, "Origin": origin or base}
    return connect(base.replace("http", "ws") + path, additional_headers=headers, proxy=None)


def closed_with(ws, seconds=PROMISE):
    end = time.monotonic() + seconds
    try:
        while True:
            ws.recv(timeout=max(0.01, end - time.monotonic()))
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


def test_sockets_from_hello_to_goodbye(base, wang):
    """One served platform for the whole story, because starting it costs seconds."""
    # the badge comes at once, and again when something is new
    with socket(base, wang) as mine:
        assert json.loads(mine.recv(timeout=5)) == {"type": "badge", "unread": 0}
        mine.send(json.dumps({"type": "count"}))
        assert json.loads(mine.recv(timeout=5))["unread"] == 0

    # strangers are put out, other sites do not get in
    with socket(base, None) as nobody:
        assert closed_with(nobody) == 4401
    with pytest.raises(InvalidStatus):
        socket(base, wang, origin="https://evil.example")
    with socket(base, wang, path="/ws/nowhere/") as nowhere:
        assert closed_with(nowhere) == 4404

    # what is no command closes the socket, and nothing else happens
    for frame in ("{", "[]", '{"type":"steal"}', '{"type":"count","type":"count"}', "[" * 5000):
        with socket(base, wang) as mine:
            mine.recv(timeout=5)
            mine.send(frame)
            assert closed_with(mine) == 4400, frame
    with socket(base, wang) as mine:
        mine.recv(timeout=5)
        mine.send("x" * (64 * 1024 + 1))
        assert closed_with(mine) in {1009, 4400}
    with socket(base, wang) as mine:
        mine.recv(timeout=5)
        for _ in range(90):
            mine.send(json.dumps({"type": "count"}))
        assert closed_with(mine) == 4429

    # whoever signs out, or is disabled, is put out within the promise
    admin = services.add_staff(
        "root", name="某", password="a long enough secret", roles=["system_admin"], by=None, at=NOON
    )
    with socket(base, wang) as mine, socket(base, admin) as control:
        mine.recv(timeout=5)
        control.recv(timeout=5)
        services.disable(wang, by=admin, at=NOON, why="test")
        began = time.monotonic()
        assert closed_with(mine) == 4401
        assert time.monotonic() - began < PROMISE
        control.send(json.dumps({"type": "count"}))
        assert json.loads(control.recv(timeout=5))["type"] == "badge"  # the control stays


def test_a_notice_reaches_the_open_badge(base, wang):
    with socket(base, wang) as mine:
        assert json.loads(mine.recv(timeout=5))["unread"] == 0
        with transaction.atomic():
            notifications.notify(wang, kind="t", title="您好", body="您好", at=NOON)
        # this process uses another Redis prefix than the served one, so the hint is lost on the
        # way, as it may be: asking shows that the truth is in PostgreSQL
        mine.send(json.dumps({"type": "count"}))
        assert json.loads(mine.recv(timeout=5))["unread"] == 1
