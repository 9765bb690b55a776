"""Lists for tests, as offices write them: CSV, and workbooks of a spreadsheet."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl

from doctors import services
from doctors.models import Import
from doctors.sheets import SHEETS
from hospital.kernel.identity import check_letter
from tests import make
from tests.conftest import NOON

HEAD = [column.word for column in SHEETS["staff"].columns]
DEPARTMENTS = ("科室编码", "科室名称", "英文名称", "诊疗科目编码", "上级科室编码")


def person(number: str = "d0001", name: str = "沈一", **other: Any) -> dict[str, Any]:
    return {
        "工号": number,
        "姓名": name,
        "岗位": "医生",
        "科室": "心血管内科",
        "职称": "主治医师",
    } | other


def id_number(place: int = 0) -> str:
    """An identity number that nobody else has."""
    born = date(1985, 1, 1) + timedelta(days=place // 1000)
    first = f"110108{born:%Y%m%d}{place % 1000:03d}"
    return first + check_letter(first)


def licence(place: int = 0) -> dict[str, Any]:
    """A licence that nobody else has, as the certificates say it."""
    return {
        "资格证书编码": f"200911110{id_number(place)}",
        "执业证书编码": f"{110110000012345 + place}",
        "执业机构": "示范大学第三医院",
        "执业范围": "内科专业",
        "独立执业起": "2012-07-01",
        "有效期至": "2035-06-30",
    }


def csv_of(*people: dict[str, Any], encoding: str = "utf-8", head: Any = None) -> bytes:
    head = head or [word for word in HEAD if any(word in each for each in people)]
    rows = [head, *[[str(each.get(word, "")) for word in head] for each in people]]
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


def departments_csv(*rows: tuple[str, ...]) -> bytes:
    return "\n".join(",".join(row) for row in (DEPARTMENTS, *rows)).encode()


def workbook_of(*people: dict[str, Any]) -> bytes:
    head = [word for word in HEAD if any(word in each for each in people)]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(head)
    for each in people:
        sheet.append([each.get(word) for word in head])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def kept(data: bytes, kind: str = "staff", *, by: Any = None, at: Any = NOON) -> Import:
    seen = services.look(kind, data, at=at)
    assert not seen.findings, seen.findings
    return services.keep_import(seen, by=by or make.medical_affairs("shangchuan"), at=at)


def confirmed(data: bytes, kind: str = "staff", *, at: Any = NOON) -> Import:
    by = make.medical_affairs("queren")
    return services.confirm_import(kept(data, kind, at=at), by=by, at=at)


def run(data: bytes, kind: str = "staff", *, at: Any = NOON) -> Import:
    """From the file to the end."""
    sheet = confirmed(data, kind, at=at)
    assert services.run_import(sheet.pk, at=at)
    sheet.refresh_from_db()
    return sheet
