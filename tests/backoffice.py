"""A house with one thing of every kind in it, for those who look at it from the back office."""

from datetime import timedelta

from django.db import transaction

from audit import services as audit
from doctors import services as doctors
from hospital.consultations import services as consultations
from hospital.his.models import Cursor, Quarantined, Stock
from hospital.kernel.clock import database_now
from hospital.payments.models import Alarm
from hospital.regulator.services.steps import take_step
from prescriptions.models import Prescription
from tests import consulting, letting_in, make, prescribing
from tests.conftest import NOON
from tests.uploads import an_upload

SECRETS = ("血压药快吃完了", "王秀兰", "13800006620", "花园北路")  # stand in no page here


def full_house() -> Prescription:
    """A case from order to rating, a refund, and one row in every table of trouble."""
    cast = prescribing.cast()
    made = prescribing.dispensed(cast, mode="courier")
    consultations.close(cast.visit, by=cast.doctor.user, at=NOON)
    consultations.rate(cast.visit, stars=5, text="很好", by=cast.user, at=NOON)
    other = make.doctor("zhouruolan", "周若兰")
    consulting.in_state("declined", cast.user, cast.patient, other)
    waiting = make.clinician(
        "wutong", "吴桐", kind="doctor", department="内分泌科", title="attending"
    )
    doctors.submit_credential(
        waiting,
        **make.certificates(waiting),
        institution="示范大学第三医院",
        scope="内科专业",
        independent_since=NOON.date() - timedelta(days=2000),
        valid_until=NOON.date() + timedelta(days=1000),
        by=waiting.user,
        at=NOON,
    )
    with transaction.atomic():
        take_step("quarantine", an_upload(), by=None, at=NOON)
    Alarm.objects.create(kind="amount", trade_no="x", at=database_now())
    audit.alarm("many-refused", at=NOON, actor=cast.user.public_id, count=20)
    Cursor.objects.create(resource="Patient", error="unreachable")
    Quarantined.objects.create(
        resource="Patient", fhir_id="p-1", why="birth date", body="{}", at=NOON
    )
    Stock.objects.create(
        fhir_id="m-1", drug="阿司匹林 100mg", packs=3, updated_at=NOON, pulled_at=NOON
    )
    letting_in.over(cast.patient, other, at=NOON)
    return made
