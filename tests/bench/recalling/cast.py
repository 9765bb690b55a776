"""Who reads in the benchmark: a doctor who was let in, and a patient; each as a browser is.

Requests go through the whole application in this process, without a server before it.
"""

import json
from dataclasses import dataclass
from functools import cached_property

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from doctors.models import Clinician
from hospital.accounts.models import User
from hospital.demo import scale
from hospital.kernel.clock import database_now
from patients import selectors
from patients.models import Patient
from tests import letting_in, make

AROUND = ("BEGIN", "COMMIT", 'FROM "accounts_sitting"', "clock_timestamp", "notifications_notice")
_application = get_wsgi_application()


@dataclass(frozen=True)
class Asked:
    all: int
    record: int  # without transactions, the session, access, the clock and the bell of the page


class Browser:
    def __init__(self, user: User) -> None:
        sitting = make.sitting_of(user)
        self.cookie = "; ".join(f"{name}={one.value}" for name, one in sitting.cookies.items())

    def get(self, path: str, query: str = "") -> bytes:
        environ = RequestFactory(SERVER_NAME="localhost")._base_environ(
            PATH_INFO=path, QUERY_STRING=query, HTTP_COOKIE=self.cookie, REQUEST_METHOD="GET"
        )
        told: list[str] = []
        body = b"".join(_application(environ, lambda status, *_rest: told.append(status)))
        assert told[0].startswith("200"), (told, body[:200])
        return body

    def queries(self, path: str, query: str = "") -> Asked:
        self.get(path, query)
        with CaptureQueriesContext(connection) as seen:
            self.get(path, query)
        said = [each["sql"] for each in seen.captured_queries]
        own = [sql for sql in said if not any(word in sql for word in AROUND)]
        # of the prepared ones the session and who is reached come before the clock
        before = next(i for i, sql in enumerate(said) if "clock_timestamp" in sql)
        own = own[sum(1 for sql in said[:before] if sql in own) :]
        return Asked(len(said), len(own))


class Doctor(Browser):
    def __init__(self) -> None:
        self.clinician = Clinician.objects.first() or make.doctor(at=database_now())
        super().__init__(self.clinician.user)


class Account(Browser):
    def __init__(self, number: int) -> None:
        self._number = number
        super().__init__(self.patient.links.get().account)

    @cached_property
    def patient(self) -> Patient:
        return Patient.objects.get(pk=scale.BASE + self._number)

    def far_down(self, path: str, *, pages: int) -> tuple[str, int]:
        """The query of a page so many pages down, leafed to, or of the last; and how many it is."""
        query = ""
        for page in range(pages):
            after = json.loads(self.get(path, query))["next"]
            if after is None:
                return query, page
            query = f"after={after.replace('+', '%2B')}"
        return query, pages


def patient(number: int, doctor: Doctor) -> Patient:
    """Somebody of the town who lets the doctor read."""
    one = Patient.objects.get(pk=scale.BASE + number)
    if not selectors.visible_to(doctor.clinician.user).filter(pk=one.pk).exists():
        by = one.links.get().account
        letting_in.shared(one, doctor.clinician, by=by, at=database_now())
    return one
