"""What is wrong with a list, cell by cell; and files that are none."""

import os
import zipfile
from io import BytesIO

import pytest

from doctors.sheets import SHEETS, opened
from doctors.sheets.opening import MOST_BYTES, MOST_ROWS
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import Refused
from tests.conftest import NOON
from tests.imports import csv_of, departments_csv, id_number, licence, person, workbook_of

TODAY = local_date(NOON)


def read(data, kind="staff"):
    return SHEETS[kind].read(opened(data), on=TODAY)


def found(data, kind="staff"):
    """Where something is wrong: (row, column)."""
    return [(each.row, each.column) for each in read(data, kind)[1]]


def test_a_list_without_a_fault():
    readings, findings = read(csv_of(person(身份证号=id_number(3), **licence(3))))
    assert not findings
    assert readings[0].row == 2
    assert readings[0].values["kind"] == "doctor"
    assert readings[0].values["independent_since"] == "2012-07-01"


WRONG = [  # what is changed in a good row; the column that is named; the nearest that is not wrong
    ({"工号": ""}, "工号", {"工号": "d1"}),
    ({"工号": "1001"}, "工号", {"工号": "D1001"}),
    ({"姓名": ""}, "姓名", {"姓名": "欧阳·修"}),
    ({"姓名": "沈<b>"}, "姓名", {"姓名": "沈 一"}),
    ({"岗位": "护士"}, "岗位", {"岗位": "医师"}),
    ({"职称": "院士"}, "职称", {"职称": "主任医师"}),
    ({"职称": "药师"}, "职称", {"职称": "chief"}),
    ({"科室": ""}, "科室", {"科室": "CARD"}),
    ({"资格证书编码": "123"}, "资格证书编码", {}),
    ({"身份证号": id_number(4)}, "资格证书编码", {"身份证号": id_number(3)}),
    ({"执业证书编码": "12345"}, "执业证书编码", {}),
    ({"执业证书编码": ""}, "执业证书编码", {}),
    ({"执业机构": "示范市人民医院"}, "执业机构", {"执业机构": "示范大学第三医院"}),
    ({"有效期至": "2026-02-30"}, "有效期至", {"有效期至": "2036年2月28日"}),
    ({"有效期至": "2026-03-09"}, "有效期至", {"有效期至": "2026-03-10"}),
    ({"有效期至": "47000"}, "有效期至", {"有效期至": "20360228"}),
    ({"独立执业起": "2026-03-11"}, "独立执业起", {"独立执业起": "2026/3/10"}),
    ({"擅长": "=HYPERLINK(1)"}, "擅长", {"擅长": "高血压"}),
    ({"擅长": "长" * 301}, "擅长", {"擅长": "长" * 300}),
]


@pytest.mark.parametrize(("change", "column", "nearest"), WRONG)
def test_every_bad_cell_is_named_and_the_nearest_good_one_is_not(change, column, nearest):
    good = person(**licence(3), 身份证号="", 擅长="")
    assert found(csv_of(good | nearest)) == []
    assert found(csv_of(good | change)) == [(2, column)]


def test_the_identity_number_is_checked_where_no_licence_is_told():
    assert found(csv_of(person(身份证号=id_number(3)))) == []
    assert found(csv_of(person(身份证号=id_number(3)[:-1] + "?"))) == [(2, "身份证号")]


def test_all_of_them_at_once_each_with_what_to_do():
    bad = [person("1", "", 岗位="护士"), person("d2", "二", 职称="院士", 科室="")]
    _readings, findings = read(csv_of(*bad))
    assert [(f.row, f.column) for f in findings] == [
        (2, "工号"), (2, "姓名"), (2, "岗位"), (3, "科室"), (3, "职称"),
    ]  # fmt: skip
    assert all(f.says.endswith("。") for f in findings)


def test_full_width_digits_are_folded():
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    given = person(身份证号=id_number(3), **licence(3))
    ours, theirs = (
        read(csv_of({word: text.translate(table) for word, text in given.items()}))
        for table in ({}, wide)
    )
    assert theirs[1] == []
    assert ours[0][0].values == theirs[0][0].values


def test_a_row_that_stands_twice_names_the_first():
    data = csv_of(person("d1"), person("d2"), person("D1", "别人"))
    _readings, (finding,) = read(data)
    assert (finding.row, finding.column) == (4, "工号")
    assert "第 2 行" in finding.says
    assert found(csv_of(person("d1", **licence(1)), person("d2", **licence(1)))) == [
        (3, "资格证书编码"),
        (3, "执业证书编码"),
    ]


def test_columns_that_are_unknown_missing_or_there_twice():
    assert found("工号,姓名,岗位,科室,职称,血型\nd1,一,医生,CARD,主任医师,A".encode()) == [
        (1, "血型")
    ]
    assert found("工号,姓名,岗位,科室\nd1,一,医生,CARD".encode()) == [(1, "职称")]
    assert found("工号,账号,姓名,岗位,科室,职称\nd1,d1,一,医生,CARD,主任医师".encode()) == [
        (1, "工号")
    ]


def test_departments_have_codes_of_their_subjects():
    good = ("GERI", "老年医学科", "Geriatrics", "03.11")
    assert found(departments_csv(good, ("HOME", "总务", "Office", "")), "departments") == []
    assert found(departments_csv((*good[:3], "3.11")), "departments") == [(2, "诊疗科目编码")]
    assert found(departments_csv(good, ("GER2", *good[1:])), "departments") == [(3, "科室名称")]


def test_the_template_is_read_back_without_a_fault():
    for kind, sheet in SHEETS.items():
        assert found(sheet.template().encode(), kind) == []


# --- workbooks -----------------------------------------------------------------------------------
def test_a_formula_is_named_and_never_worked_out():
    data = workbook_of(person("d1", '=CONCAT("沈","一")'), person("d2", "沈二"))
    assert found(data) == [(2, "姓名")]


def test_digits_that_a_spreadsheet_lost_are_noticed():
    numbers = licence(3) | {"执业证书编码": 110110000012345}
    assert found(workbook_of(person(**numbers))) == []  # fifteen digits are kept
    assert found(
        workbook_of(person(**numbers | {"资格证书编码": int("200911110" + "1" * 18)}))
    ) == [(2, "资格证书编码")]
    assert found(workbook_of(person(工号=1.5))) == [(2, "工号")]


def test_days_of_a_spreadsheet_are_days():
    given = licence(3) | {"有效期至": NOON.replace(tzinfo=None)}
    readings, findings = read(workbook_of(person(**given)))
    assert not findings
    assert readings[0].values["valid_until"] == "2026-03-10"


def test_macros_are_not_looked_at():
    data = BytesIO(workbook_of(person()))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + os.urandom(5000))
    assert found(data.getvalue()) == []


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TEXTS = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def repeated(text, *, rows, columns=1):
    """A workbook in which one text, kept once, is meant by every cell."""
    row = "<row>" + '<c t="s"><v>0</v></c>' * columns + "</row>"
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{row * rows}</sheetData></worksheet>'
    given, out = BytesIO(workbook_of(person())), BytesIO()
    with zipfile.ZipFile(given) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        parts = {name: before.read(name).decode() for name in before.namelist()}
        parts["xl/worksheets/sheet1.xml"] = sheet
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>'
        types = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = types.replace("</Types>", TEXTS)
        for name, data in parts.items():
            after.writestr(name, data)
    return out.getvalue()


def test_a_small_workbook_that_says_much_is_refused_and_a_long_text_is_cut():
    loud = repeated("长" * 20_000, rows=250, columns=40)
    assert len(loud) < 20_000
    with pytest.raises(Refused) as refusal:
        opened(loud)
    assert refusal.value.code == "sheet-malformed"
    lines = opened(repeated("长" * 20_000, rows=2, columns=40))
    assert {len(cell.text) for line in lines for cell in line.cells} == {2001}


def test_no_more_rows_of_a_workbook_are_read_than_a_list_may_have():
    with pytest.raises(Refused) as refusal:
        opened(repeated("一", rows=MOST_ROWS + 2))
    assert refusal.value.code == "sheet-too-large"
    assert len(opened(repeated("一", rows=MOST_ROWS + 1))) == MOST_ROWS + 1


def test_what_a_pharmacist_registered_elsewhere_hands_in_needs_no_filing():
    numbers = {"资格证书编码": "YX20150001", "执业证书编码": "SF20180042"}
    post = {"岗位": "药师", "职称": "药师", "执业机构": "示范市人民医院"}
    assert found(csv_of(person(**licence(3) | numbers | post))) == []


# --- files that are none -------------------------------------------------------------------------
def zipped(**parts: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", data)
    return out.getvalue()


def laughing() -> bytes:
    """A good workbook in which a cell is an entity of entities."""
    given, out = BytesIO(workbook_of(person("d1", "沈一"))), BytesIO()
    entities = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(given) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.infolist():
            data = before.read(part)
            if part.filename.endswith("sheet1.xml"):
                assert "沈一".encode() in data
                data = entities + data.replace("沈一".encode(), b"&b;")
            after.writestr(part.filename, data)
    return out.getvalue()


NONE = {
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "noise": os.urandom(4096),
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x01",
    "an archive of something else": zipped(a=b"<a/>"),
    "the head of an archive": b"PK\x03\x04" + b"\0" * 100,
    "half a workbook": workbook_of(person())[:2000],
    "an old workbook": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "entities": laughing(),
    "an archive that unpacks to much": zipped(xl__workbook=b"0" * (80 * 1024 * 1024)),
    "a head alone": "工号,姓名".encode(),
}


@pytest.mark.parametrize("what", NONE)
def test_a_file_that_is_none_is_refused_with_a_sentence(what):
    with pytest.raises(Refused) as refusal:
        opened(NONE[what])
    assert refusal.value.code in {"sheet-malformed", "sheet-empty"}
    assert refusal.value.message.endswith("。")


def test_a_list_that_is_too_large_is_refused_and_the_largest_is_not():
    head = "工号,姓名\n"
    with pytest.raises(Refused) as refusal:
        opened((head + "d1,一\n" * (MOST_ROWS + 1)).encode())
    assert refusal.value.code == "sheet-too-large"
    assert len(opened((head + "d1,一\n" * MOST_ROWS).encode())) == MOST_ROWS + 1
    with pytest.raises(Refused) as refusal:
        opened(b"a" * (MOST_BYTES + 1))
    assert refusal.value.code == "sheet-too-large"


def test_empty_rows_between_are_no_rows_and_numbers_stay():
    readings, findings = read(csv_of(person("d1")) + b"\r\n,,,,\r\n\r\n" + b"d2,\xe4\xba\x8c")
    assert [reading.row for reading in readings] == [2, 5]
    assert {finding.row for finding in findings} == {5}
