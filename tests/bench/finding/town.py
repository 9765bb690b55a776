"""Thousands of doctors and hundreds of thousands of patients, all like one of each.

One doctor, one patient and one consultation are made by the services; their rows are then copied
inside PostgreSQL, with what must differ overridden. Triggers are off meanwhile: they would ask of
each row whether it came by lawful steps, and the first ones did.
"""

import os
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

DOCTORS: Final = 5_000
PATIENTS: Final = 400_000
BASE: Final = 1_000_000  # ids of copies begin above every real one
_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红鑫"
_ID: Final = {"id": f"{BASE} + g.n", "public_id": "gen_random_uuid()"}
_ANY_DOCTOR: Final = f"{BASE} + 1 + floor({DOCTORS} * power(random(), 3))"  # a few are famous


def build() -> None:
    """Fill the database, count the standings, and let PostgreSQL look at what it holds."""
    import psycopg2  # noqa: PLC0415 - beside Django's own

    from hospital.consultations import services  # noqa: PLC0415 - needs the apps
    from hospital.kernel.clock import database_now  # noqa: PLC0415

    at = database_now()
    one = _one_of_each(at)
    server = urlsplit(os.environ["DATABASE_SUPERUSER_URL"])
    database = settings.DATABASES["default"]["NAME"]
    connection = psycopg2.connect(server._replace(path=f"/{database}").geturl())
    with connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        _copy(cursor, one)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        services.recount_all(at=at)
        cursor.execute("VACUUM ANALYZE consultations_standing")
    connection.close()


def _one_of_each(at: datetime) -> dict[str, Any]:
    from hospital.consultations import services  # noqa: PLC0415 - needs the apps
    from tests import consulting, make  # noqa: PLC0415

    doctor = make.doctor(at=at)
    doctor.good_at = "高血压、冠心病、心力衰竭的长期管理与用药调整，支架术后随访"
    doctor.save(update_fields=["good_at"])
    user, patient = consulting.wang(at=at)
    visit = consulting.in_state("open", user, patient, doctor, at=at)
    said = consulting.said(visit, doctor.user, "您好，请讲。", at=at + timedelta(minutes=9))
    services.close(visit, by=doctor.user, at=at + timedelta(minutes=30))
    services.rate(visit, stars=5, text="很耐心", by=user, at=at + timedelta(minutes=40))
    return {
        "doctor": doctor,
        "credential": doctor.credentials.get(),
        "services": list(doctor.services.order_by("pk")),
        "account": user,
        "patient": patient,
        "link": patient.links.get(),
        "visit": visit,
        "rating": visit.rating,
        "said": said,
    }


def _copy(cursor: Any, one: dict[str, Any]) -> None:
    _doctors(cursor, one)
    _like(
        cursor, one["account"], PATIENTS, _ID, id=f"{2 * BASE} + g.n", phone_index="md5(g.n::text)"
    )
    _like(cursor, one["patient"], PATIENTS, _ID, id_index="md5(g.n::text)", person_id="NULL")
    _like(
        cursor,
        one["link"],
        PATIENTS,
        _ID,
        account_id=f"{2 * BASE} + g.n",
        patient_id=f"{BASE} + g.n",
    )
    cursor.execute(
        f"CREATE TEMP TABLE came AS SELECT n, {_ANY_DOCTOR} AS doctor,"
        " now() - 700 * power(random(), 2) * interval '1 day' AS at, random() AS luck"
        f" FROM generate_series(1, {PATIENTS}) n"
    )
    cursor.execute("CREATE UNIQUE INDEX ON came (n)")
    when = "(SELECT at FROM came WHERE came.n = g.n)"
    _like(
        cursor,
        one["visit"],
        PATIENTS,
        _ID,
        patient_id=f"{BASE} + g.n",
        asked_by_id=f"{2 * BASE} + g.n",
        doctor_id="(SELECT doctor FROM came WHERE came.n = g.n)",
        charge_id="NULL",
        eligibility_id="NULL",
        ordered_at=when,
        paid_at=f"{when} + interval '1 minute'",
        accepted_at=f"{when} + interval '5 minutes'",
        ended_at=f"{when} + interval '2 hours'",
    )
    _like(
        cursor,
        one["said"],
        PATIENTS,
        _ID,
        consultation_id=f"{BASE} + g.n",
        client_id="gen_random_uuid()",
        at=f"{when} + (5 + floor(60 * random())) * interval '1 minute'",
    )
    _like(
        cursor,
        one["rating"],
        int(PATIENTS * 0.6),
        _ID,
        consultation_id=f"{BASE} + g.n",
        stars="CASE WHEN random() < 0.8 THEN 5 ELSE 1 + floor(4 * random()) END",
        at=f"{when} + interval '3 hours'",
    )


def _doctors(cursor: Any, one: dict[str, Any]) -> None:
    from doctors.models import Department  # noqa: PLC0415 - needs the apps
    from hospital.kernel.pinyin import syllables_of  # noqa: PLC0415

    wards = list(Department.objects.exclude(subject_code="").values_list("pk", flat=True))
    cursor.execute(
        "CREATE TEMP TABLE called (n integer PRIMARY KEY, name text, pinyin text, ward bigint)"
    )
    for n in range(1, DOCTORS + 1):
        name = _name(n)
        row = (n, name, syllables_of(name, of_a_person=True), wards[n % len(wards)])
        cursor.execute("INSERT INTO called VALUES (%s, %s, %s, %s)", row)
    told = {c: f"(SELECT {c} FROM called WHERE called.n = g.n)" for c in ("name", "pinyin", "ward")}
    _like(cursor, one["doctor"].user, DOCTORS, _ID, username="'d' || g.n")
    _like(
        cursor,
        one["doctor"],
        DOCTORS,
        _ID,
        user_id=f"{BASE} + g.n",
        name=told["name"],
        pinyin=told["pinyin"],
        department_id=told["ward"],
        title="(ARRAY['chief','associate_chief','attending','resident'])[1 + g.n % 4]",
        is_receiving="g.n % 3 > 0",
    )
    _like(cursor, one["credential"], DOCTORS, _ID, clinician_id=f"{BASE} + g.n")
    for place, service in enumerate(one["services"]):
        ids = {"id": f"{BASE} * {place + 1} + g.n", "clinician_id": f"{BASE} + g.n"}
        _like(cursor, service, DOCTORS, _ID | ids)


def _like(cursor: Any, row: Any, count: int, columns: dict[str, str], **more: str) -> None:
    """Copies of one row, `g.n` from 1 on; the columns that differ, as SQL."""
    table = row._meta.db_table
    pairs = ", ".join(f"'{name}', {sql}" for name, sql in (columns | more).items())
    kept = [field.column for field in row._meta.concrete_fields if not field.generated]
    names = ", ".join(f'"{name}"' for name in kept)
    values = ", ".join(f'made."{name}"' for name in kept)
    cursor.execute(
        f"INSERT INTO {table} ({names})"
        f" SELECT {values} FROM generate_series(1, {count}) AS g (n)"
        f" CROSS JOIN {table} one"
        f" CROSS JOIN LATERAL jsonb_populate_record(one, jsonb_build_object({pairs})) made"
        f" WHERE one.id = {row.pk}"
    )


def _name(n: int) -> str:
    surname, first, second = n % len(_SURNAMES), n // 20 % len(_GIVEN), n // 600 % len(_GIVEN)
    return _SURNAMES[surname] + _GIVEN[first] + _GIVEN[second]
