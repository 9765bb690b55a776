"""A suspension and a signature at the same moment: one of them is first, never both at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connections, transaction

from doctors import selectors, services
from hospital.kernel.calendar import local_date
from tests import make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = local_date(NOON)
A_WHILE = 0.4  # seconds; enough for the other to have come to the lock


@pytest.fixture
def aside():
    """Run something on a connection of its own."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit
        pool.submit(connections.close_all).result()


def test_a_suspension_waits_for_the_signature_being_given(aside):
    who = make.doctor()
    affairs, credential = make.medical_affairs(), who.credentials.get(state="approved")
    with transaction.atomic():
        assert selectors.credential_for_share(who, TODAY) is not None
        suspending = aside(services.suspend, credential, by=affairs, at=NOON, why="投诉核查")
        with pytest.raises(TimeoutError):
            suspending.result(A_WHILE)
    assert suspending.result(5).state == "suspended"


def test_who_wants_to_sign_waits_for_the_suspension_and_then_may_not(aside):
    who = make.doctor()
    affairs, credential = make.medical_affairs(), who.credentials.get(state="approved")
    begun, go_on = Event(), Event()

    def suspend_slowly():
        with transaction.atomic():
            services.suspend(credential, by=affairs, at=NOON, why="投诉核查")
            begun.set()
            go_on.wait(5)

    suspending = aside(suspend_slowly)
    assert begun.wait(5)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        pool.submit(lambda: (Event().wait(A_WHILE), go_on.set()))
        assert selectors.credential_for_share(who, TODAY) is None
    suspending.result(5)


def test_two_signatures_do_not_wait_for_each_other(aside):
    who = make.doctor()

    def look():
        with transaction.atomic():
            return selectors.credential_for_share(who, TODAY) is not None

    with transaction.atomic():
        assert selectors.credential_for_share(who, TODAY) is not None
        assert aside(look).result(2)
