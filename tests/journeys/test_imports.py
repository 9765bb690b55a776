"""A list of staff comes in: every bad cell named, by two people, once however often it is sent."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from doctors import selectors, services
from doctors.models import Clinician, Credential, Department, Import, ImportRow
from hospital.accounts.models import RoleChange, User
from hospital.kernel.refusals import NotAllowed, Refused, WrongState
from hospital.notifications.models import Notice
from tests import make
from tests.conftest import NOON
from tests.imports import (
    confirmed,
    csv_of,
    departments_csv,
    id_number,
    kept,
    licence,
    person,
    run,
    workbook_of,
)

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
THREE = [person(f"d000{place}", f"沈{mark}") for place, mark in enumerate("甲乙丙")]


def states(sheet: Import) -> list[str]:
    return list(sheet.lines.order_by("number").values_list("state", flat=True))


def came(sheet: Import) -> dict[str, int]:
    return {state: n for state, n in selectors.counted(sheet).items() if n}


def rows_of(*models) -> list[int]:
    return [model.objects.count() for model in models]


# --- what comes of it ----------------------------------------------------------------------------
def test_a_list_opens_accounts_and_posts_and_hands_in_licences_that_wait(trail):
    sheet = run(csv_of(person("d0001", "沈一", **licence(1)), person("d0002", "沈二")))
    assert came(sheet) == {"added": 2}
    one, two = (User.objects.get(username=name) for name in ("d0001", "d0002"))
    assert (one.name, one.roles, one.password_set_at) == ("沈一", ["doctor"], None)
    post = selectors.clinician_of(one, "doctor")
    assert (post.department.name, post.title, post.pinyin) == ("心血管内科", "attending", "shen yi")
    credential = Credential.objects.get(clinician=post)
    assert credential.state == "submitted"  # never approved by an import
    assert credential.submitted_by == sheet.checked_by
    assert not Credential.objects.filter(clinician__user=two).exists()
    assert {"import.check", "import.confirm", "import.start", "import.finish"} < set(trail())
    assert "新增 2" in Notice.objects.get(to=sheet.checked_by).said_body


def test_the_role_says_from_which_import_it_came():
    sheet = run(csv_of(person()))
    (given,) = RoleChange.objects.filter(user__username="d0001")
    assert (given.role, given.state, given.asked_by) == ("doctor", "done", None)
    assert given.why == f"import {sheet.public_id}"


def test_the_same_file_twice_changes_nothing(trail):
    data = csv_of(person("d0001", "沈一", **licence(1)), person("d0002", "沈二"))
    run(data)
    before = rows_of(User, Clinician, Credential, RoleChange)
    told = len(trail("clinician.add") + trail("clinician.move") + trail("credential.submit"))
    assert came(run(data)) == {"same": 2}
    assert rows_of(User, Clinician, Credential, RoleChange)[1:] == before[1:]
    assert (
        len(trail("clinician.add") + trail("clinician.move") + trail("credential.submit")) == told
    )


def test_who_moves_is_moved_and_keeps_what_they_wrote_of_themselves(trail):
    run(csv_of(person(擅长="高血压")))
    post = Clinician.objects.get(user__username="d0001")
    sheet = run(csv_of(person(擅长="别的", 科室="NEUR", 职称="副主任医师")))
    assert came(sheet) == {"changed": 1}
    post.refresh_from_db()
    assert (post.department.code, post.title) == ("NEUR", "associate_chief")
    assert post.good_at == "高血压"
    assert trail("clinician.move")[0].actor == sheet.confirmed_by.public_id


def test_whoever_is_doctor_and_pharmacist_stands_in_two_rows():
    """Only the first roles of an account come from nobody, so they come together."""
    as_pharmacist = person(岗位="药师", 科室="药学部", 职称="药师")
    assert came(run(csv_of(person(), as_pharmacist))) == {"added": 2}
    user = User.objects.get(username="d0001")
    assert set(user.roles) == {"doctor", "pharmacist"}
    assert [post.kind for post in selectors.posts_of(user)] == ["doctor", "pharmacist"]


def test_a_renewed_licence_is_handed_in_beside_the_one_in_force():
    run(csv_of(person(**licence(1))))
    first = Credential.objects.get()
    services.approve(first, by=make.medical_affairs("third"), at=NOON)
    sheet = run(csv_of(person(**licence(1) | {"有效期至": "2040-06-30"})))
    assert came(sheet) == {"changed": 1}
    assert sorted(Credential.objects.values_list("state", flat=True)) == ["approved", "submitted"]


def test_departments_come_by_their_code_and_are_never_removed(trail):
    before = Department.objects.count()
    data = departments_csv(
        ("GERI", "老年医学科", "Geriatrics", "03.11"), ("CARD", "心脏内科", "Cardiology", "03.04")
    )
    sheet = run(data, "departments")
    assert came(sheet) == {"added": 1, "changed": 1}
    assert Department.objects.count() == before + 1
    new = Department.objects.get(code="GERI")
    assert (new.pinyin, new.order) == ("lao nian yi xue ke", before)
    assert Department.objects.get(code="CARD").name == "心脏内科"
    assert len(trail("department.add") + trail("department.change")) == 2
    assert came(run(data, "departments")) == {"same": 2}


def test_a_department_stands_under_another_and_there_is_no_third_level():
    good = (
        ("SURG", "外科中心", "Surgery", "04", ""),
        ("HAND", "手外科", "Hand surgery", "", "SURG"),
    )
    run(departments_csv(*good), "departments")
    assert Department.objects.get(code="HAND").parent.code == "SURG"
    assert came(run(departments_csv(*good), "departments")) == {"same": 2}
    wrong = {
        "no such": ("NEWD", "新科", "New", "", "NONE"),
        "third level": ("NEWD", "新科", "New", "", "HAND"),
        "itself": ("NEWD", "新科", "New", "", "NEWD"),
        "has departments of its own": ("SURG", "外科中心", "Surgery", "04", "INTE"),
    }
    for row in wrong.values():
        (finding,) = services.look("departments", departments_csv(row), at=NOON).findings
        assert (finding.row, finding.column) == (2, "上级科室编码")


def test_a_workbook_says_the_same_as_the_text_in_either_encoding():
    people = [person("d0001", "沈一", **licence(1)), person("d0002", "欧阳·二")]
    said = [
        [dict(reading.values) for reading in services.look("staff", data, at=NOON).readings]
        for data in (csv_of(*people), csv_of(*people, encoding="gb18030"), workbook_of(*people))
    ]
    assert said[0] == said[1] == said[2]
    assert said[0][0]["valid_until"] == "2035-06-30"


# --- two people ----------------------------------------------------------------------------------
def test_who_handed_it_in_does_not_confirm_it_and_a_colleague_does():
    sheet = kept(csv_of(person()))
    with pytest.raises(NotAllowed):
        services.confirm_import(sheet, by=sheet.checked_by, at=NOON)
    services.run_import(sheet.pk, at=NOON)
    assert not Clinician.objects.exists()
    assert services.confirm_import(sheet, by=make.medical_affairs("queren"), at=NOON)


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "outpatient_office", "doctor"])
def test_nobody_but_medical_affairs_hands_in_or_confirms(role):
    stranger = make.staff("stranger", role)
    seen = services.look("staff", csv_of(person()), at=NOON)
    with pytest.raises(NotAllowed):
        services.keep_import(seen, by=stranger, at=NOON)
    sheet = kept(csv_of(person()))
    with pytest.raises(NotAllowed):
        services.confirm_import(sheet, by=stranger, at=NOON)
    with pytest.raises(NotAllowed):
        services.stop_import(sheet, by=stranger, at=NOON, why="不要了")


@pytest.mark.parametrize("hand", ["shangchuan", "queren"])
@pytest.mark.parametrize("has_post", [False, True])
def test_neither_of_the_two_gives_themselves_a_post_or_a_title(hand, has_post):
    """The same row about somebody else is done."""
    for name in (hand, "other"):
        make.staff(name, "doctor", "medical_affairs", name="主任甲")
        if has_post:
            make.clinician(
                name, "主任甲", kind="doctor", department="心血管内科", title="attending"
            )
    sheet = run(csv_of(*[person(name, "主任甲", 职称="主任医师") for name in (hand, "other")]))
    assert states(sheet) == ["failed", "changed" if has_post else "added"]
    assert "另外两个人" in sheet.lines.get(number=2).why
    titles = set(Clinician.objects.filter(user__username=hand).values_list("title", flat=True))
    assert titles == ({"attending"} if has_post else set())


def test_the_database_knows_the_two_people_too():
    sheet = kept(csv_of(person()))
    outsider, other = make.staff("outsider", "finance"), make.medical_affairs("queren")
    for by in (sheet.checked_by, outsider, None):
        with pytest.raises(DatabaseError), transaction.atomic():
            Import.objects.filter(pk=sheet.pk).update(
                state="confirmed", confirmed_by=by, confirmed_at=NOON
            )
    with pytest.raises(DatabaseError), transaction.atomic():
        Import.objects.create(kind="staff", rows=1, checked_at=NOON, checked_by=outsider)
    confirmed_now = Import.objects.filter(pk=sheet.pk)
    assert confirmed_now.update(state="confirmed", confirmed_by=other, confirmed_at=NOON) == 1


def test_an_import_gives_no_role_to_an_account_that_is_there():
    make.staff("d0001", "finance", name="沈一")
    seen = services.look("staff", csv_of(person()), at=NOON)
    (finding,) = seen.findings
    assert (finding.row, finding.column) == (2, "岗位")
    assert "两位安全管理员" in finding.says


def test_and_not_when_the_account_came_while_the_list_waited():
    sheet = confirmed(csv_of(person(), person("d0002", "沈二")))
    make.staff("d0001", "finance", name="沈一")
    services.run_import(sheet.pk, at=NOON)
    assert states(sheet) == ["failed", "added"]
    assert User.objects.get(username="d0001").roles == ["finance"]
    assert "安全管理员" in sheet.lines.get(number=2).why


def test_another_name_under_the_same_number_is_named_and_not_overwritten():
    run(csv_of(person()))
    (finding,) = services.look("staff", csv_of(person(姓名="王五")), at=NOON).findings
    assert (finding.column, finding.row) == ("姓名", 2)


# --- what is kept --------------------------------------------------------------------------------
def test_what_a_list_says_of_people_stands_sealed_and_is_gone_afterwards():
    known = id_number(1)
    sheet = confirmed(csv_of(person(身份证号=known, **licence(1)), person("d0002", "沈二")))
    assert not any(word in _stored() for word in ("沈一", known, "d0001"))
    assert sheet.lines.get(number=2).data["name"] == "沈一"  # the control: it does stand there
    services.run_import(sheet.pk, at=NOON)
    assert list(ImportRow.objects.values_list("state", flat=True)) == ["added", "added"]
    assert not ImportRow.objects.filter(data__isnull=False).exists()


def _stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(r::text, ' ') FROM (SELECT l::text FROM doctors_importrow l"
            " UNION ALL SELECT i::text FROM doctors_import i) r"
        )
        (text,) = cursor.fetchone()
    return text


def test_the_database_keeps_no_data_of_a_row_that_is_done():
    sheet = run(csv_of(person()))
    row = sheet.lines.get()
    row.data = {"name": "沈一"}
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save()


def test_stopped_half_way_what_is_done_stays_and_the_rest_is_forgotten():
    sheet = confirmed(csv_of(*THREE))
    assert not services.run_import(sheet.pk, at=NOON, seconds=0)  # time for one row
    assert states(sheet) == ["added", "waiting", "waiting"]
    services.stop_import(sheet, by=make.medical_affairs("third"), at=LATER, why="名单有误")
    assert states(sheet) == ["added", "dropped", "dropped"]
    assert not sheet.lines.filter(data__isnull=False).exists()
    assert services.run_import(sheet.pk, at=LATER)
    assert Clinician.objects.count() == 1


def test_the_same_list_again_does_the_rest():
    data = csv_of(*THREE)
    first = confirmed(data)
    services.run_import(first.pk, at=NOON, seconds=0)
    services.stop_import(first, by=make.medical_affairs("third"), at=LATER, why="停一下")
    assert came(run(data, at=LATER)) == {"same": 1, "added": 2}
    assert Clinician.objects.count() == 3


def test_a_list_that_nobody_confirms_is_forgotten_after_a_week():
    sheet = kept(csv_of(person()))
    assert services.sweep_imports(at=NOON + timedelta(days=6)) == 0
    assert services.sweep_imports(at=NOON + timedelta(days=7)) == 1
    sheet.refresh_from_db()
    assert (sheet.state, states(sheet)) == ("stopped", ["dropped"])
    with pytest.raises(WrongState):
        services.confirm_import(sheet, by=make.medical_affairs("queren"), at=NOON)


def test_an_import_whose_worker_died_is_woken(monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("hospital.kernel.jobs._send", lambda task, args: sent.append((task, args)))
    sheet = confirmed(csv_of(person(), person("d0002", "沈二")))
    services.run_import(sheet.pk, at=NOON, seconds=0)
    for after, woken in ((timedelta(seconds=30), 0), (timedelta(minutes=2), 1)):
        with django_capture_on_commit_callbacks(execute=True):
            assert services.sweep_imports(at=NOON + after) == woken
    assert sent[-1] == ("doctors.run_import", (sheet.pk,))
    services.run_import(sheet.pk, at=LATER)
    assert services.sweep_imports(at=LATER + timedelta(days=1)) == 0


def test_a_list_with_a_fault_is_not_kept():
    seen = services.look("staff", csv_of(person(职称="院士")), at=NOON)
    with pytest.raises(Refused) as refusal:
        services.keep_import(seen, by=make.medical_affairs(), at=NOON)
    assert refusal.value.code == "sheet-wrong"
    assert not Import.objects.exists()


def test_a_look_writes_nothing(trail):
    before = trail()
    services.look("staff", csv_of(person(**licence(1))), at=NOON)
    assert trail() == before
    assert not User.objects.filter(username="d0001").exists()


def test_the_look_asks_as_many_questions_for_many_rows_as_for_one(django_assert_num_queries):
    run(csv_of(*[person(f"d{n:04}", "沈一") for n in range(0, 60, 2)]))
    for count in (1, 60):
        data = csv_of(*[person(f"d{n:04}", "沈一") for n in range(count)])
        with django_assert_num_queries(5):
            services.look("staff", data, at=NOON)
