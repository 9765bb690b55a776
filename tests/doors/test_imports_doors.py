"""A list on its way through the pages of the back office, and through the command."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doctors import services
from doctors.models import Clinician, Credential, Import
from hospital.accounts.models import User
from hospital.kernel.clock import database_now
from tests import make
from tests.imports import csv_of, departments_csv, id_number, licence, person, workbook_of

pytestmark = pytest.mark.django_db

NEW = "/admin/doctors/import/new/"


def affairs(name):
    return make.sitting_of(make.medical_affairs(name))


def upload(client, data, *, kind="staff", name="名单.csv"):
    return client.post(NEW, {"kind": kind, "sheet": SimpleUploadedFile(name, data)})


def page_of(sheet, *more):
    return "/".join(["/admin/doctors/import", str(sheet.pk), *(more or ["change"]), ""])


@pytest.fixture
def one():
    return affairs("shangchuan")


@pytest.fixture
def other():
    return affairs("queren")


def test_every_bad_cell_is_named_on_the_page_and_nothing_is_kept(one):
    bad = (person("d1", 职称="院士"), person("d2", "<script>", 科室="没有科"))
    answer = upload(one, csv_of(*bad))
    assert answer.status_code == 422
    text = answer.content.decode()
    for words in ("有 3 处要改", "职称", "应是其中之一", "姓名里有不能使用的符号"):
        assert words in text
    assert "<script>" not in text.partition('<h2 id="findings')[2]
    assert not Import.objects.exists()


def test_a_good_list_waits_for_a_second_person_and_then_runs(one, other):
    known = licence(1)
    data = workbook_of(person("d1", "沈一", 身份证号=id_number(1), **known), person("d2", "沈二"))
    answer = upload(one, data, name="花名册.xlsx")
    sheet = Import.objects.get()
    assert answer["Location"] == page_of(sheet)
    assert "新增 2" in one.get(page_of(sheet)).content.decode()
    refused = one.post(page_of(sheet, "confirm"))
    assert refused.status_code == 422
    assert "不能是上传的人" in refused.content.decode()

    text = other.get(page_of(sheet)).content.decode()
    assert "沈一" in text
    assert known["执业证书编码"] not in text  # the second person reads it masked
    assert id_number(1) not in text
    assert "1101*********46" in text
    assert other.post(page_of(sheet, "confirm")).status_code == 302
    assert services.run_import(sheet.pk, at=database_now())
    text = other.get(page_of(sheet)).content.decode()
    assert "2 / 2 行 · 新增 2" in text
    assert "沈一" not in text  # what it said is gone
    assert Clinician.objects.count() == 2
    assert Credential.objects.get().state == "submitted"


def test_the_page_asks_again_by_itself_until_the_end(one, other):
    upload(one, csv_of(person("d1"), person("d2")))
    sheet = Import.objects.get()
    other.post(page_of(sheet, "confirm"))
    services.run_import(sheet.pk, at=database_now(), seconds=0)
    fragment = other.get(page_of(sheet, "progress")).content.decode()
    assert "1 / 2 行" in fragment
    assert 'hx-trigger="every 2s"' in fragment
    services.run_import(sheet.pk, at=database_now())
    fragment = other.get(page_of(sheet, "progress")).content.decode()
    assert "2 / 2 行" in fragment
    assert "hx-" not in fragment


def test_rows_that_failed_are_named_with_the_reason(one, other):
    upload(one, csv_of(person("d1", "沈一"), person("d2", "沈二")))
    sheet = Import.objects.get()
    make.staff("d1", "finance", name="沈一")
    other.post(page_of(sheet, "confirm"))
    services.run_import(sheet.pk, at=database_now())
    text = other.get(page_of(sheet)).content.decode()
    assert "没有导入 1" in text
    assert "两位安全管理员" in text


def test_the_second_person_finds_it_in_the_inbox_and_the_first_does_not(one, other):
    upload(one, csv_of(person("d1", "沈一")))
    sheet = Import.objects.get()
    address = f"/admin/inbox/import/{sheet.public_id}/"
    assert one.get(address).status_code == 404
    assert address not in one.get("/admin/inbox/").content.decode()
    assert address in other.get("/admin/inbox/").content.decode()
    assert page_of(sheet) in other.get(address).content.decode()
    assert other.post(f"{address}confirm/", {}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == "confirmed"


@pytest.mark.parametrize("kind", ["staff", "departments"])
def test_the_template_is_a_file_with_the_words_of_the_head(one, kind):
    answer = one.get(f"/admin/doctors/import/template/{kind}/")
    assert answer["Content-Disposition"] == f'attachment; filename="{kind}.csv"'
    assert ("工号" if kind == "staff" else "科室编码") in answer.content.decode()
    assert upload(one, answer.content, kind=kind).status_code == 302
    assert one.get("/admin/doctors/import/template/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "这个文件不是表格"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "旧版的 Excel"),
        ("工号,姓名".encode(), "表里没有数据"),
        (b"a" * (5 * 1024 * 1024 + 1), "文件太大"),
        (b"a" * (11 * 1024 * 1024), "文件太大"),  # of which nothing is kept while it arrives
    ],
)
def test_a_file_that_is_none_is_told_so(one, data, says):
    answer = upload(one, data)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Import.objects.exists()


def test_nothing_chosen_is_said_too(one):
    assert one.post(NEW, {"kind": "staff"}).status_code == 422
    empty = {"kind": "nothing", "sheet": SimpleUploadedFile("a.csv", b"a,b\n1,2")}
    assert one.post(NEW, empty).status_code == 422


def test_whoever_proved_themselves_too_long_ago_is_asked_first():
    stale = make.sitting_of(make.medical_affairs("stale"), fresh=False)
    assert "/me/verify/" in upload(stale, csv_of(person()))["Location"]
    assert not Import.objects.exists()


def test_a_page_of_rows_costs_the_same_for_many_and_pages_by_their_number(one):
    data = csv_of(*[person(f"d{n:04}", "沈一") for n in range(120)])
    upload(one, data)
    sheet = Import.objects.get()
    with CaptureQueriesContext(connection) as asked:
        text = one.get(page_of(sheet)).content.decode()
    assert len(asked) <= 10
    assert ("d0049" in text, "d0050" in text) == (True, False)
    assert "?after=51" in text
    text = one.get(page_of(sheet) + "?after=101").content.decode()
    assert ("d0099" in text, "d0119" in text, "?after=" in text) == (False, True, False)
    assert one.get(page_of(sheet) + "?after=x").status_code == 200


# --- the command ---------------------------------------------------------------------------------
@pytest.fixture
def file(tmp_path):
    def write(data, name="list.csv"):
        path = tmp_path / name
        path.write_bytes(data)
        return str(path)

    return write


def test_the_command_names_every_bad_cell_and_does_nothing(file, capsys):
    with pytest.raises(CommandError, match="2 cells to mend"):
        call_command("import_staff", file(csv_of(person("1", 职称="院士"))))
    said = capsys.readouterr().out
    assert "工号" in said
    assert "职称" in said
    assert not Import.objects.exists()


def test_a_dry_run_writes_nothing(file, capsys):
    call_command("import_staff", file(csv_of(person("d1"))), "--dry-run")
    assert "to add 1" in capsys.readouterr().out
    assert not Import.objects.exists()
    assert not User.objects.filter(username="d1").exists()


def test_the_command_runs_to_the_end_and_twice_changes_nothing(file, capsys):
    make.medical_affairs("yiwu")
    path = file(workbook_of(person("d1", **licence(1)), person("d2", "沈二")), "list.xlsx")
    call_command("import_staff", path, "--by", "yiwu")
    assert "added 2" in capsys.readouterr().out
    assert Credential.objects.get().submitted_by.username == "yiwu"
    call_command("import_staff", path, "--by", "yiwu")
    assert "unchanged 2" in capsys.readouterr().out
    sheet = Import.objects.latest("pk")
    assert (sheet.by_command, sheet.confirmed_by, sheet.state) == (True, None, "done")


def test_licences_want_somebody_who_hands_them_in(file):
    path = file(csv_of(person("d1", **licence(1))))
    with pytest.raises(CommandError, match="由医务处的谁提交"):
        call_command("import_staff", path)
    make.staff("outsider", "finance")
    for name in ("outsider", "nobody"):
        with pytest.raises(CommandError):
            call_command("import_staff", path, "--by", name)
    assert not Import.objects.exists()


def test_the_command_goes_on_where_it_was_cut_short(file, capsys):
    seen = services.look("staff", csv_of(person("d1"), person("d2")), at=database_now())
    sheet = services.keep_import(seen, by=None, at=database_now(), by_command=True)
    services.run_import(sheet.pk, at=database_now(), seconds=0)
    call_command("import_staff", "--resume", str(sheet.public_id))
    assert "added 2" in capsys.readouterr().out
    with pytest.raises(CommandError, match="It is done"):
        call_command("import_staff", "--resume", str(sheet.public_id))


def test_departments_by_the_command(file, capsys):
    path = file(departments_csv(("GERI", "老年医学科", "Geriatrics", "03.11", "INTE")))
    call_command("import_departments", path)
    assert "added 1" in capsys.readouterr().out


def test_no_file_is_said(file):
    with pytest.raises(CommandError):
        call_command("import_staff")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_staff", "/nowhere/list.csv")
    with pytest.raises(CommandError, match="不是表格"):
        call_command("import_staff", file(b"%PDF-1.7\0\1"))
