"""What ends, ends everywhere within five seconds: real sockets on a served platform, and the
requests that come after. Nothing here sends a hint: the platform has to find out by itself."""

import json
import time
from contextlib import ExitStack
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from doctors import services as doctors
from doctors.models import Credential
from hospital.accounts import services
from hospital.accounts.models import Sitting, User
from hospital.accounts.sessions import digest_of
from hospital.consultations import services as consultations
from hospital.consultations.models import Handover
from hospital.kernel.refusals import NotAllowed
from patients import services as patients
from patients.models import Link
from tests import consulting, make
from tests.browser.serving import served
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)
PROMISE = 5  # seconds


@pytest.fixture
def base(transactional_db, tmp_path):
    with served(connection.settings_dict["NAME"], tmp_path / "static") as address:
        yield address


@pytest.fixture
def stack():
    with ExitStack() as sockets:
        yield sockets


@pytest.fixture
def cast():
    """A mother at two conversations with one doctor: about herself, and about her child."""
    mother, own = consulting.wang()
    who = consulting.person(
        "王小满",
        "13800006620",
        date(2013, 5, 20),
        ("I10", "原发性高血压", 40),
        guardian=("王秀兰", "13800006620"),
    )
    child = consulting.known(mother, who, "child")
    doctor = make.doctor()
    other = make.doctor("zhouruolan", "周若兰")
    about_herself = consulting.in_state("open", mother, own, doctor)
    wish = {"guardian_present": True}
    about_child = consulting.opened(
        consulting.paid(consulting.ordered(mother, child, other, **wish))
    )
    return mother, doctor, about_herself, about_child


class Opened:
    """A browser of `user`, and its socket at `path`, which has greeted."""

    def __init__(self, stack, base, user, path):
        self.client = make.sitting_of(user)
        key = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}", "Origin": base}
        address = base.replace("http", "ws") + path
        self.socket = stack.enter_context(connect(address, additional_headers=headers, proxy=None))
        self.socket.recv(timeout=10)

    def closed_with(self):
        """The code it is closed with, and after how many seconds; fails beyond the promise."""
        began = time.monotonic()
        try:
            while True:
                self.socket.recv(timeout=max(0.01, began + PROMISE - time.monotonic()))
        except ConnectionClosed as closed:
            took = time.monotonic() - began
            assert took <= PROMISE
            return closed.rcvd.code, round(took, 1)

    def is_open(self):
        self.socket.send(json.dumps({"type": "sync", "after_seq": 0}))
        while json.loads(self.socket.recv(timeout=10))["type"] != "state":
            pass
        return True


def chat(visit):
    return f"/ws/consultations/{visit.public_id}/"


def test_every_ending_closes_what_it_concerns_and_nothing_else(base, cast, stack):
    """One served platform for the whole story, because starting it costs seconds."""
    mother, doctor, about_herself, about_child = cast
    root, wei = make.staff("root", "system_admin"), make.staff("wei", "security_admin")
    took = {}

    # a guardian's link: the conversation about the child, not the one about herself
    gone, control = (
        Opened(stack, base, mother, chat(visit)) for visit in (about_child, about_herself)
    )
    page = f"/api/v1/consultations/{about_child.public_id}"
    assert gone.client.get(page).status_code == 200
    patients.end_link(Link.objects.get(patient=about_child.patient), by=mother, at=NOON)
    code, took["link"] = gone.closed_with()
    assert code == 4404
    assert control.is_open()
    assert gone.client.get(page).status_code == 404
    assert (
        control.client.get(
            page.replace(str(about_child.public_id), str(about_herself.public_id))
        ).status_code
        == 200
    )

    # one session of two of the same person
    gone = Opened(stack, base, mother, chat(about_herself))
    ours = gone.client.cookies[settings.SESSION_COOKIE_NAME].value
    services.end_sitting(Sitting.objects.get(pk=digest_of(ours)), by=mother, at=NOON)
    code, took["session"] = gone.closed_with()
    assert code == 4401
    assert control.is_open()
    assert gone.client.get("/me/sittings/").status_code == 302

    # a role of somebody who keeps another one
    doctor_user = User.objects.get(pk=doctor.user.pk)
    gone = Opened(stack, base, doctor_user, chat(about_herself))
    assert gone.client.get("/doctor/work/").status_code == 200
    services.revoke(doctor_user, "doctor", by=wei, at=NOON, why="停职")
    code, took["role"] = gone.closed_with()
    assert code == 4403
    assert control.is_open()
    assert gone.client.get("/doctor/work/").status_code == 403

    # the account
    bystander = Opened(stack, base, wei, "/ws/inbox/")
    services.disable(mother, by=root, at=NOON, why="被盗")
    code, took["account"] = control.closed_with()
    assert code == 4401
    bystander.socket.send(json.dumps({"type": "count"}))
    assert json.loads(bystander.socket.recv(timeout=10))["type"] == "badge"
    print("seconds until closed:", took)


def test_a_suspension_ends_the_conversations_of_the_doctor_within_seconds(base, cast, stack):
    """The patients' own stay open; the pages of attending say why they do not."""
    mother, doctor, about_herself, about_child = cast
    gone = Opened(stack, base, doctor.user, chat(about_herself))
    patient = Opened(stack, base, mother, chat(about_herself))
    colleague = Opened(stack, base, about_child.doctor.user, chat(about_child))
    assert gone.client.get("/doctor/work/").status_code == 200
    suspended(doctor)
    code, took = gone.closed_with()
    assert code == 4404
    assert patient.is_open()
    assert colleague.is_open()
    for page in ("/doctor/work/", f"/doctor/work/{about_herself.public_id}/", "/doctor/handovers/"):
        answer = gone.client.get(page, headers={"accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (403, "not-practising")
    print("seconds until closed:", took)


def test_a_visit_taken_over_ends_the_conversation_of_its_former_doctor(base, cast, stack):
    """Also where the licence has come back meanwhile: the visit is another's now."""
    _mother, doctor, about_herself, about_child = cast
    colleague = about_child.doctor
    credential = suspended(doctor)
    consultations.relieve(about_herself, at=NOON)
    consulting.verified(colleague)
    offer = Handover.objects.get(consultation=about_herself)
    consultations.take_over(offer, by=colleague.user, at=NOON)
    doctors.restore(credential, by=make.medical_affairs("third"), at=NOON, why="查清")
    taken = Opened(stack, base, colleague.user, chat(about_herself))
    assert taken.is_open()
    answer = make.sitting_of(doctor.user).get(f"/doctor/work/{about_herself.public_id}/")
    assert answer.status_code == 404


def suspended(doctor):
    credential = Credential.objects.get(clinician=doctor, state="approved")
    return doctors.suspend(credential, by=make.medical_affairs("second"), at=NOON, why="投诉核查")


def test_a_doctor_whose_licence_is_suspended_says_and_ends_nothing_more(cast):
    mother, doctor, about_herself, _about_child = cast
    consulting.said(about_herself, doctor.user, "好的")
    suspended(doctor)
    for step in (
        lambda: consulting.said(about_herself, doctor.user, "再说一句"),
        lambda: consultations.close(about_herself, by=doctor.user, at=NOON),
    ):
        with pytest.raises(NotAllowed) as refused:
            step()
        assert refused.value.code == "not-practising"
    consulting.said(about_herself, mother, "医生？")
